package dev.headwater.trading.book;

import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * The orders of a book: each side in price-time priority, and where every id is that was ever used.
 * Immutable; each step is O(log orders).
 *
 * @param places by order id; {@link Place#CLOSED} for an order of which nothing is left
 * @param arrivals how many orders entered a queue so far
 */
record Orders(
    TreePMap<Place, RestingOrder> bids,
    TreePMap<Place, RestingOrder> asks,
    HashPMap<String, Place> places,
    long arrivals) {
  static final Orders NONE =
      new Orders(
          TreePMap.empty(Place.BIDS_FIRST),
          TreePMap.empty(Place.ASKS_FIRST),
          HashTreePMap.empty(),
          0);

  boolean knows(String orderId) {
    return places.containsKey(orderId);
  }

  /** The order, if something is left of it. */
  @Nullable RestingOrder find(String orderId) {
    Place place = places.get(orderId);
    return place == null ? null : queue(place.side()).get(place);
  }

  /** One side, the order that trades first at the head. */
  Collection<RestingOrder> inPriority(Side side) {
    return queue(side).values();
  }

  List<String> closedIds() {
    return places.entrySet().stream()
        .filter(e -> e.getValue().equals(Place.CLOSED))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** A new order at the end of the queue at its price. */
  Orders enter(String orderId, Side side, Price price, Quantity quantity, Quantity leaves) {
    long arrival = arrivals + 1;
    return put(new RestingOrder(orderId, side, price, quantity, leaves, arrival), arrival);
  }

  /** An order that is closed from the start. */
  Orders enterClosed(String orderId) {
    return new Orders(bids, asks, places.plus(orderId, Place.CLOSED), arrivals);
  }

  Orders fill(String orderId, Quantity leaves) {
    return leaves.isZero() ? close(orderId) : update(get(orderId).withLeaves(leaves));
  }

  Orders reduce(String orderId, Quantity by) {
    return update(get(orderId).reducedBy(by));
  }

  Orders replace(OrderReplaced e) {
    RestingOrder old = get(e.orderId());
    return e.keepsPriority()
        ? update(
            new RestingOrder(
                e.orderId(), e.side(), e.price(), e.quantity(), e.leaves(), old.arrival()))
        : with(e.side(), queue(e.side()).minus(old.place()), places, arrivals)
            .enter(e.orderId(), e.side(), e.price(), e.quantity(), e.leaves());
  }

  Orders close(String orderId) {
    RestingOrder order = get(orderId);
    return with(
        order.side(),
        queue(order.side()).minus(order.place()),
        places.plus(orderId, Place.CLOSED),
        arrivals);
  }

  /** An order as it is, its arrival included: for snapshots. */
  Orders put(RestingOrder order, long newArrivals) {
    Place place = order.place();
    return with(
        order.side(),
        queue(order.side()).plus(place, order),
        places.plus(order.orderId(), place),
        newArrivals);
  }

  private Orders update(RestingOrder order) {
    return with(order.side(), queue(order.side()).plus(order.place(), order), places, arrivals);
  }

  private RestingOrder get(String orderId) {
    RestingOrder order = find(orderId);
    if (order == null) {
      throw new IllegalStateException(
          "history is broken: an event changes order " + orderId + ", which is not in the book");
    }
    return order;
  }

  private TreePMap<Place, RestingOrder> queue(Side side) {
    return side == Side.BUY ? bids : asks;
  }

  private Orders with(
      Side side,
      TreePMap<Place, RestingOrder> queue,
      HashPMap<String, Place> newPlaces,
      long newArrivals) {
    return side == Side.BUY
        ? new Orders(queue, asks, newPlaces, newArrivals)
        : new Orders(bids, queue, newPlaces, newArrivals);
  }
}
