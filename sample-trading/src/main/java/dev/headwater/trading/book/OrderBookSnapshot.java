package dev.headwater.trading.book;

import dev.headwater.trading.book.OrderBookEvent.BookOpened;
import dev.headwater.trading.market.Side;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON form of an {@link OrderBook}: its depth is left out, because the orders give it. */
record OrderBookSnapshot(
    @Nullable BookOpened terms,
    long trades,
    long arrivals,
    List<RestingOrder> orders,
    List<String> closed) {
  static OrderBookSnapshot of(@Nullable BookOpened terms, Orders orders, long trades) {
    List<RestingOrder> resting = new ArrayList<>(orders.inPriority(Side.BUY));
    resting.addAll(orders.inPriority(Side.SELL));
    return new OrderBookSnapshot(terms, trades, orders.arrivals(), resting, orders.closedIds());
  }

  OrderBook restore() {
    Depth depth = Depth.EMPTY;
    Orders restored = Orders.NONE;
    for (RestingOrder order : orders) {
      depth = depth.plus(order.side(), order.price(), order.leaves());
      restored = restored.put(order, arrivals);
    }
    for (String orderId : closed) {
      restored = restored.enterClosed(orderId);
    }
    return new OrderBook(
        terms,
        depth,
        new Orders(restored.bids(), restored.asks(), restored.places(), arrivals),
        trades);
  }
}
