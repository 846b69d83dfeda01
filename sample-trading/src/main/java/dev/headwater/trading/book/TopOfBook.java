package dev.headwater.trading.book;

import dev.headwater.trading.market.BestBidOffer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the top of one book through its events, in finer steps than {@code BestChanged}, which
 * tells only how a whole command left it. Not thread-safe.
 */
public final class TopOfBook {
  private Depth depth = Depth.EMPTY;

  /**
   * The top after the next event; null while an order that comes in crosses the book, because no
   * such state is ever published.
   */
  public @Nullable BestBidOffer after(OrderBookEvent event) {
    depth = depth.after(event);
    BestBidOffer best = depth.best();
    boolean crossed =
        best.bid() != null && best.ask() != null && best.bid().compareTo(best.ask()) >= 0;
    return crossed ? null : best;
  }
}
