package dev.headwater.trading.book;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.BookOpened;
import dev.headwater.trading.book.OrderBookEvent.HiddenTraded;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderReduced;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.Side;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of an order book; made of events by {@link OrderBooks}. Immutable and thread-safe. Its
 * JSON form holds all of it and serves as snapshot.
 */
public final class OrderBook {
  static final OrderBook NOT_OPEN = new OrderBook(null, Depth.EMPTY, Orders.NONE, 0);

  private final @Nullable BookOpened terms;
  private final Depth depth;
  private final Orders orders;
  private final long trades;

  OrderBook(@Nullable BookOpened terms, Depth depth, Orders orders, long trades) {
    this.terms = terms;
    this.depth = depth;
    this.orders = orders;
    this.trades = trades;
  }

  OrderBook after(OrderBookEvent event) {
    return switch (event) {
      case BookOpened e -> new OrderBook(e, depth, orders, trades);
      case OrderPlaced e -> with(depth.after(e), placed(e));
      case Traded e -> new OrderBook(terms, depth.after(e), traded(e), e.trade());
      case HiddenTraded e -> new OrderBook(terms, depth, orders, e.trade());
      case OrderReduced e -> with(depth.after(e), orders.reduce(e.orderId(), e.by()));
      case OrderReplaced e -> with(depth.after(e), orders.replace(e));
      case OrderCancelled e ->
          e.price() == null ? this : with(depth.after(e), orders.close(e.orderId()));
      case OrderRejected e -> this;
      case BestChanged e -> this;
    };
  }

  private Orders placed(OrderPlaced e) {
    var price = e.restingPrice();
    return price == null
        ? orders.enterClosed(e.orderId())
        : orders.enter(e.orderId(), e.side(), price, e.quantity(), e.quantity());
  }

  private Orders traded(Traded e) {
    Orders afterMaker = orders.fill(e.maker(), e.makerLeaves());
    return e.taker() == null || e.takerLeaves() == null || e.takerPrice() == null
        ? afterMaker
        : afterMaker.fill(e.taker(), e.takerLeaves());
  }

  private OrderBook with(Depth newDepth, Orders newOrders) {
    return new OrderBook(terms, newDepth, newOrders, trades);
  }

  /** Tick and lot size; null until the book is opened. */
  public @Nullable BookOpened terms() {
    return terms;
  }

  /** The quantity at each price. */
  public Depth depth() {
    return depth;
  }

  /** Number of trades so far, hidden ones included. */
  public long trades() {
    return trades;
  }

  /** The orders of a side in price-time priority. */
  public Collection<RestingOrder> orders(Side side) {
    return Collections.unmodifiableCollection(orders.inPriority(side));
  }

  /** The order with this id, if something is left of it. */
  public @Nullable RestingOrder order(String orderId) {
    return orders.find(orderId);
  }

  /** Whether the id was ever used by an order that was accepted. */
  public boolean knows(String orderId) {
    return orders.knows(orderId);
  }

  @JsonValue
  OrderBookSnapshot snapshot() {
    return OrderBookSnapshot.of(terms, orders, trades);
  }

  @JsonCreator
  static OrderBook restore(OrderBookSnapshot snapshot) {
    return snapshot.restore();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OrderBook that
        && Objects.equals(terms, that.terms)
        && trades == that.trades
        && depth.equals(that.depth)
        && orders.equals(that.orders);
  }

  @Override
  public int hashCode() {
    return Objects.hash(terms, trades, depth);
  }

  /** The levels, for messages. */
  @Override
  public String toString() {
    return terms == null ? "not open" : depth.toString();
  }
}
