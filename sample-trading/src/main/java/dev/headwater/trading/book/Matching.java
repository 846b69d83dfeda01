package dev.headwater.trading.book;

import dev.headwater.store.Commit;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Price-time priority: the trades of an order that comes in, and what is left of it.
 *
 * @param trades in the order in which they happen
 * @param leaves zero if it traded in full
 */
record Matching(List<Traded> trades, Quantity leaves) {
  /** Beside its trades, a commit has the order, a cancellation and the new top of the book. */
  static final int MAX_TRADES = (Commit.MAX_EVENTS - 4) / 2;

  /**
   * An order that comes in.
   *
   * @param limit the worst price at which it trades; null for any
   * @param restingPrice where it waits for more; null if it does not wait
   */
  record Incoming(
      String orderId,
      Side side,
      @Nullable Price limit,
      Quantity quantity,
      @Nullable Price restingPrice) {
    boolean accepts(Price price) {
      return limit == null
          || (side == Side.BUY ? price.compareTo(limit) <= 0 : price.compareTo(limit) >= 0);
    }

    Traded with(RestingOrder maker, Quantity quantity, Quantity leaves, long trade) {
      return new Traded(
          trade,
          maker.orderId(),
          orderId,
          maker.price(),
          quantity,
          side,
          maker.leaves().minus(quantity),
          leaves,
          restingPrice);
    }
  }

  /** The trades of {@code order}; null if they are too many for one commit. */
  static @Nullable Matching of(Incoming order, OrderBook book) {
    List<Traded> trades = new ArrayList<>();
    Quantity leaves = order.quantity();
    for (RestingOrder maker : book.orders(order.side().opposite())) {
      if (leaves.isZero() || !order.accepts(maker.price())) {
        break;
      }
      if (trades.size() == MAX_TRADES) {
        return null;
      }
      Quantity quantity = leaves.min(maker.leaves());
      leaves = leaves.minus(quantity);
      trades.add(order.with(maker, quantity, leaves, book.trades() + trades.size() + 1));
    }
    return new Matching(trades, leaves);
  }
}
