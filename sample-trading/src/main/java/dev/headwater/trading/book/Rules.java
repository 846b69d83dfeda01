package dev.headwater.trading.book;

import static dev.headwater.trading.book.RejectReason.*;

import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReplaceOrder;
import dev.headwater.trading.book.OrderBookEvent.BookOpened;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import org.jspecify.annotations.Nullable;

/** What a command must satisfy before it touches the book; null where nothing is wrong. */
final class Rules {
  private Rules() {}

  static @Nullable RejectReason opening(OpenBook open) {
    if (!open.tickSize().isPositive()) {
      return PRICE_NOT_POSITIVE;
    }
    return open.lotSize().isPositive() ? null : QUANTITY_NOT_POSITIVE;
  }

  static @Nullable RejectReason placing(PlaceOrder place, OrderBook book, BookOpened terms) {
    if (book.knows(place.orderId())) {
      return DUPLICATE_ORDER_ID;
    }
    RejectReason wrongPrice =
        place.type() == OrderType.LIMIT
            ? limitPrice(place.price(), terms)
            : place.price() == null ? null : PRICE_NOT_ALLOWED;
    if (wrongPrice != null) {
      return wrongPrice;
    }
    RejectReason wrongQuantity = quantity(place.quantity(), terms);
    if (wrongQuantity != null) {
      return wrongQuantity;
    }
    Price price = place.price();
    if (price != null && overflows(book, place.side(), price, place.quantity(), Quantity.ZERO)) {
      return QUANTITY_TOO_LARGE;
    }
    boolean mustFill = place.tif() == TimeInForce.FOK;
    return mustFill && !book.depth().offers(place.side().opposite(), price, place.quantity())
        ? NOT_FILLABLE
        : null;
  }

  static @Nullable RejectReason replacing(
      ReplaceOrder replace, RestingOrder order, Price price, OrderBook book, BookOpened terms) {
    RejectReason wrongPrice = limitPrice(price, terms);
    if (wrongPrice != null) {
      return wrongPrice;
    }
    RejectReason wrongQuantity = quantity(replace.quantity(), terms);
    if (wrongQuantity != null) {
      return wrongQuantity;
    }
    if (order.executed().exceeds(replace.quantity())) {
      return QUANTITY_BELOW_EXECUTED;
    }
    Quantity leaves = replace.quantity().minus(order.executed());
    Quantity freed = price.equals(order.price()) ? order.leaves() : Quantity.ZERO;
    return overflows(book, order.side(), price, leaves, freed) ? QUANTITY_TOO_LARGE : null;
  }

  /** The order gets {@code leaves} at {@code price}, where {@code freed} of it was before. */
  static boolean overflows(
      OrderBook book, Side side, Price price, Quantity leaves, Quantity freed) {
    return book.depth().at(side, price).minus(freed).overflowsWith(leaves);
  }

  static @Nullable RejectReason limitPrice(@Nullable Price price, BookOpened terms) {
    if (price == null) {
      return PRICE_MISSING;
    }
    if (!price.isPositive()) {
      return PRICE_NOT_POSITIVE;
    }
    return price.isMultipleOf(terms.tickSize()) ? null : PRICE_NOT_ON_TICK;
  }

  static @Nullable RejectReason quantity(Quantity quantity, BookOpened terms) {
    if (!quantity.isPositive()) {
      return QUANTITY_NOT_POSITIVE;
    }
    return quantity.isMultipleOf(terms.lotSize()) ? null : QUANTITY_NOT_ON_LOT;
  }
}
