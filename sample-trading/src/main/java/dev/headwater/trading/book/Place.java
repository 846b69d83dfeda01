package dev.headwater.trading.book;

import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Side;
import java.util.Comparator;

/** Where an order is in the queue of its side: price, then arrival. */
record Place(Side side, Price price, long arrival) {
  /** The place of an order of which nothing is left. */
  static final Place CLOSED = new Place(Side.BUY, new Price(0), 0);

  static final Comparator<Place> BIDS_FIRST = (a, b) -> compare(b.price, a.price, a, b);
  static final Comparator<Place> ASKS_FIRST = (a, b) -> compare(a.price, b.price, a, b);

  private static int compare(Price first, Price second, Place a, Place b) {
    int byPrice = first.compareTo(second);
    return byPrice != 0 ? byPrice : Long.compare(a.arrival, b.arrival);
  }
}
