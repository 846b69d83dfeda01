package dev.headwater.trading.book;

import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import org.jspecify.annotations.Nullable;

/** What can be asked of an order book. What a rule forbids becomes an {@code OrderRejected}. */
public sealed interface OrderBookCommand {
  /** The longest id of an order or an account. */
  int MAX_ID_LENGTH = 512;

  /**
   * Checks the id of an order or an account.
   *
   * @return the id
   * @throws IllegalArgumentException if it does not have 1 to 512 characters, or has a control
   *     character
   */
  static String requireId(String id) {
    if (id.isEmpty()
        || id.length() > MAX_ID_LENGTH
        || id.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "an id must have 1 to "
              + MAX_ID_LENGTH
              + " characters and no control character, has "
              + id.length()
              + ": '"
              + id.substring(0, Math.min(id.length(), 40))
              + "'");
    }
    return id;
  }

  /** Opens the book; the first command of every book. Opening again on equal terms does nothing. */
  record OpenBook(Price tickSize, Quantity lotSize) implements OrderBookCommand {}

  /**
   * Enters an order.
   *
   * @param orderId never used before in this book
   * @param price for a limit order, and only for one
   */
  record PlaceOrder(
      String orderId,
      @Nullable String account,
      Side side,
      OrderType type,
      TimeInForce tif,
      @Nullable Price price,
      Quantity quantity)
      implements OrderBookCommand {
    /** Validates the ids. */
    public PlaceOrder {
      requireId(orderId);
      if (account != null) {
        requireId(account);
      }
    }
  }

  /**
   * Takes what is left of an order out of the book.
   *
   * @param believedLeaves how much the sender thinks is left; another amount does not stop the
   *     cancellation, it is noted in the event
   */
  record CancelOrder(String orderId, @Nullable Quantity believedLeaves)
      implements OrderBookCommand {}

  /**
   * Takes a part of an order out of the book; the rest keeps its priority. Taking all that is left
   * cancels the order, taking more is rejected.
   */
  record ReduceOrder(String orderId, Quantity by) implements OrderBookCommand {}

  /**
   * Changes price and quantity of an order. It keeps its priority only if the price stays and the
   * quantity does not rise; otherwise it comes in anew and may trade.
   *
   * @param price null to keep the price
   * @param quantity the new total, with what was executed already; if that is all of it, what is
   *     left is cancelled
   */
  record ReplaceOrder(String orderId, @Nullable Price price, Quantity quantity)
      implements OrderBookCommand {}

  /** A venue's feed reports that a resting order was executed, at that order's price. */
  record ReportExecution(String restingOrderId, Quantity quantity) implements OrderBookCommand {}

  /**
   * A venue's feed reports a trade with an order that the book does not show. The price may be
   * between two ticks.
   */
  record ReportHiddenTrade(Price price, Quantity quantity, Side restingSide)
      implements OrderBookCommand {}
}
