package dev.headwater.trading.book;

import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import org.jspecify.annotations.Nullable;

/**
 * What happens in an order book. The quantity at each price follows from the events alone, without
 * looking up orders; {@link Depth#after} shows how.
 */
public sealed interface OrderBookEvent {
  /** The book takes orders from now on. */
  record BookOpened(Price tickSize, Quantity lotSize) implements OrderBookEvent {}

  /**
   * An order was accepted. One that {@link #rests()} is in the book with its full quantity from
   * here on, and the trades that follow take it out again.
   */
  record OrderPlaced(
      String orderId,
      @Nullable String account,
      Side side,
      OrderType type,
      TimeInForce tif,
      @Nullable Price price,
      Quantity quantity)
      implements OrderBookEvent {
    /** Whether what does not trade at once stays in the book. */
    public boolean rests() {
      return restingPrice() != null;
    }

    /** Where what does not trade at once stays; null if it does not stay. */
    @Nullable Price restingPrice() {
      return tif.rests() ? price : null;
    }
  }

  /**
   * A command was refused and changed nothing.
   *
   * @param orderId null for commands that name no order
   */
  record OrderRejected(@Nullable String orderId, Action action, RejectReason reason)
      implements OrderBookEvent {}

  /**
   * Two orders traded, or a feed reported that one did.
   *
   * @param trade number of the trade in this book, from 1
   * @param maker the order that rested
   * @param taker the order that came in; null for a reported execution
   * @param price the maker's price
   * @param makerLeaves what is left of the maker
   * @param takerLeaves what is left of the taker; null if there is none
   * @param takerPrice the price at which the taker is in the book; null if it never rests
   */
  record Traded(
      long trade,
      String maker,
      @Nullable String taker,
      Price price,
      Quantity quantity,
      Side takerSide,
      Quantity makerLeaves,
      @Nullable Quantity takerLeaves,
      @Nullable Price takerPrice)
      implements OrderBookEvent {}

  /** A feed reported a trade that did not touch the visible book; numbered like other trades. */
  record HiddenTraded(long trade, Price price, Quantity quantity, Side restingSide)
      implements OrderBookEvent {}

  /** A part of an order was taken out; it kept its priority. */
  record OrderReduced(String orderId, Side side, Price price, Quantity by, Quantity leaves)
      implements OrderBookEvent {}

  /**
   * An order has another price or quantity.
   *
   * @param quantity its new total, with what was executed
   * @param leaves what is left of that
   */
  record OrderReplaced(
      String orderId,
      Side side,
      Price oldPrice,
      Quantity oldLeaves,
      Price price,
      Quantity quantity,
      Quantity leaves)
      implements OrderBookEvent {
    /** Whether the order kept its place in the queue. */
    public boolean keepsPriority() {
      return price.equals(oldPrice) && !leaves.exceeds(oldLeaves);
    }
  }

  /**
   * What was left of an order is void.
   *
   * @param price where it rested; null if it never rested
   * @param believed what the sender thought was left, where that was said and wrong
   */
  record OrderCancelled(
      String orderId,
      Side side,
      @Nullable Price price,
      Quantity quantity,
      CancelReason reason,
      @Nullable Quantity believed)
      implements OrderBookEvent {}

  /**
   * The event before this one changed the top of the book. Price and quantity of an empty side are
   * null.
   */
  record BestChanged(
      @Nullable Price bid,
      @Nullable Quantity bidQuantity,
      @Nullable Price ask,
      @Nullable Quantity askQuantity)
      implements OrderBookEvent {
    static BestChanged to(BestBidOffer best) {
      return new BestChanged(best.bid(), best.bidQuantity(), best.ask(), best.askQuantity());
    }

    /** The same as a value. */
    public BestBidOffer best() {
      return new BestBidOffer(bid, bidQuantity, ask, askQuantity);
    }
  }

  /** What was asked for, in a rejection. */
  enum Action {
    /** To open the book. */
    OPEN,
    /** To enter an order. */
    PLACE,
    /** To cancel an order. */
    CANCEL,
    /** To reduce an order. */
    REDUCE,
    /** To change an order. */
    REPLACE,
    /** To record an execution that a feed reported. */
    REPORT_EXECUTION,
    /** To record a hidden trade that a feed reported. */
    REPORT_HIDDEN_TRADE
  }

  /** Why what was left of an order is void. */
  enum CancelReason {
    /** It rested, and its owner asked for it. */
    REQUESTED,
    /** It could not trade at once and may not rest. */
    UNFILLED
  }
}
