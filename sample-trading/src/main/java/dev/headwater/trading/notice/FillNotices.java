package dev.headwater.trading.notice;

import dev.headwater.effect.Effect;
import dev.headwater.effect.EffectHandlers;
import dev.headwater.effect.EffectId;
import dev.headwater.effect.StartAt;
import dev.headwater.event.RecordedEvent;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.io.IOException;

/** Each trade tells the owners of both orders; a reported execution has one. */
public final class FillNotices implements Effect {
  /** Names the effect in Redis and in the ids of its notices. */
  public static final String NAME = "fill-notices";

  private final SendNotice target;

  /** Tells them there. */
  public FillNotices(SendNotice target) {
    this.target = target;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public StartAt startAt() {
    return StartAt.end(); // nobody wants to hear of the trades of last year
  }

  // tag::tell
  @Override
  public void define(EffectHandlers on) {
    on.event(Traded.class, this::tell);
  }

  private void tell(Traded trade, RecordedEvent recorded, EffectId id)
      throws IOException, InterruptedException {
    Side makerSide = trade.takerSide().opposite();
    target.send(notice(id, trade.maker(), makerSide, true, trade.makerLeaves(), trade, recorded));
    if (trade.taker() != null && trade.takerLeaves() != null) {
      // An id of its own: if this one fails, the first is sent again and known by its id.
      target.send(
          notice(
              id.at(1),
              trade.taker(),
              trade.takerSide(),
              false,
              trade.takerLeaves(),
              trade,
              recorded));
    }
  }

  // end::tell

  private static FillNotice notice(
      EffectId id,
      String order,
      Side side,
      boolean maker,
      Quantity leaves,
      Traded trade,
      RecordedEvent recorded) {
    return new FillNotice(
        id.toString(),
        recorded.stream().id(),
        order,
        trade.trade(),
        side,
        maker,
        trade.price(),
        trade.quantity(),
        leaves,
        recorded.metadata().time());
  }
}
