package dev.headwater.trading.book;

import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.BookOpened;
import dev.headwater.trading.book.OrderBookEvent.HiddenTraded;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderReduced;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The quantity at each price of both sides, as a function of the events alone. Part of {@link
 * OrderBook}; {@link OrderBooks} folds it to see where a command leaves the top of the book.
 * Immutable; each step is O(log levels).
 */
public final class Depth {
  /** Nothing on either side. */
  public static final Depth EMPTY = new Depth(Levels.empty(Side.BUY), Levels.empty(Side.SELL));

  private final Levels bids;
  private final Levels asks;

  private Depth(Levels bids, Levels asks) {
    this.bids = bids;
    this.asks = asks;
  }

  /** The depth after an event. Between the events of one commit the book may be crossed. */
  public Depth after(OrderBookEvent event) {
    return switch (event) {
      case OrderPlaced e -> {
        Price price = e.restingPrice();
        yield price == null ? this : plus(e.side(), price, e.quantity());
      }
      case Traded e -> afterTrade(e);
      case OrderReduced e -> minus(e.side(), e.price(), e.by());
      case OrderReplaced e ->
          minus(e.side(), e.oldPrice(), e.oldLeaves()).plus(e.side(), e.price(), e.leaves());
      case OrderCancelled e -> {
        Price price = e.price();
        yield price == null ? this : minus(e.side(), price, e.quantity());
      }
      case BookOpened e -> this;
      case OrderRejected e -> this;
      case HiddenTraded e -> this;
      case BestChanged e -> this;
    };
  }

  private Depth afterTrade(Traded trade) {
    Depth depth = minus(trade.takerSide().opposite(), trade.price(), trade.quantity());
    Price takerPrice = trade.takerPrice();
    return takerPrice == null
        ? depth
        : depth.minus(trade.takerSide(), takerPrice, trade.quantity());
  }

  Depth plus(Side side, Price price, Quantity quantity) {
    return with(side, levels(side).plus(price, quantity));
  }

  private Depth minus(Side side, Price price, Quantity quantity) {
    return with(side, levels(side).minus(price, quantity));
  }

  private Depth with(Side side, Levels levels) {
    return side == Side.BUY ? new Depth(levels, asks) : new Depth(bids, levels);
  }

  private Levels levels(Side side) {
    return side == Side.BUY ? bids : asks;
  }

  /** The best level of each side. */
  public BestBidOffer best() {
    @Nullable PriceLevel bid = bids.best();
    @Nullable PriceLevel ask = asks.best();
    return new BestBidOffer(
        bid == null ? null : bid.price(),
        bid == null ? null : bid.quantity(),
        ask == null ? null : ask.price(),
        ask == null ? null : ask.quantity());
  }

  /** The best {@code count} levels of a side, best first. */
  public List<PriceLevel> top(Side side, int count) {
    return levels(side).stream().limit(count).toList();
  }

  /** The quantity at a price of a side; zero where there is none. */
  public Quantity at(Side side, Price price) {
    return levels(side).at(price);
  }

  /** Whether a side has {@code wanted} or more at {@code limit} or better. */
  boolean offers(Side side, @Nullable Price limit, Quantity wanted) {
    Quantity missing = wanted;
    for (var level : levels(side).byPrice().entrySet()) {
      if (limit != null && Levels.bestFirst(side).compare(level.getKey(), limit) > 0) {
        return false;
      }
      missing = missing.minus(level.getValue());
      if (!missing.isPositive()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Depth that && bids.equals(that.bids) && asks.equals(that.asks);
  }

  @Override
  public int hashCode() {
    return 31 * bids.hashCode() + asks.hashCode();
  }

  @Override
  public String toString() {
    return "bids " + bids.byPrice() + ", asks " + asks.byPrice();
  }
}
