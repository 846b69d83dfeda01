package dev.headwater.trading.book;

import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReplaceOrder;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Price-time priority as slowly and plainly as possible: lists that are searched from the start.
 */
final class NaiveBook {
  /** The orders in the book, longest waiting first. */
  final List<Naive> waiting = new ArrayList<>();

  final List<String> trades = new ArrayList<>();

  static final class Naive {
    final String id;
    final Side side;
    long price;
    long total;
    long leaves;

    Naive(String id, Side side, long price, long total, long leaves) {
      this.id = id;
      this.side = side;
      this.price = price;
      this.total = total;
      this.leaves = leaves;
    }
  }

  /** Whether a fill-or-kill order can be filled. */
  boolean canFill(PlaceOrder place) {
    return waiting.stream()
            .filter(o -> o.side != place.side() && reaches(place.side(), limit(place), o.price))
            .mapToLong(o -> o.leaves)
            .sum()
        >= place.quantity().units();
  }

  void place(PlaceOrder place) {
    long quantity = place.quantity().units();
    Naive order = new Naive(place.orderId(), place.side(), limit(place), quantity, quantity);
    match(order);
    boolean rests =
        place.type() == OrderType.LIMIT
            && (place.tif() == TimeInForce.DAY || place.tif() == TimeInForce.GTC);
    if (rests && order.leaves > 0) {
      waiting.add(order);
    }
  }

  private static long limit(PlaceOrder place) {
    Price price = place.price();
    return price != null ? price.units() : place.side() == Side.BUY ? Long.MAX_VALUE : 0;
  }

  void cancel(CancelOrder cancel) {
    waiting.remove(find(cancel.orderId()));
  }

  void reduce(ReduceOrder reduce) {
    Naive order = find(reduce.orderId());
    order.leaves -= reduce.by().units();
    order.total -= reduce.by().units();
    waiting.removeIf(o -> o.leaves == 0);
  }

  void replace(ReplaceOrder replace) {
    Naive order = find(replace.orderId());
    long price = replace.price() == null ? order.price : replace.price().units();
    long raise = replace.quantity().units() - order.total;
    boolean keeps = price == order.price && raise <= 0;
    order.price = price;
    order.total += raise;
    order.leaves += raise;
    if (!keeps) {
      waiting.remove(order);
      match(order);
      waiting.add(order);
    }
    waiting.removeIf(o -> o.leaves == 0);
  }

  private void match(Naive taker) {
    Naive maker = best(taker);
    while (maker != null && taker.leaves > 0) {
      long quantity = Math.min(taker.leaves, maker.leaves);
      taker.leaves -= quantity;
      maker.leaves -= quantity;
      trades.add(maker.id + " " + taker.id + " " + maker.price + " " + quantity);
      waiting.removeIf(o -> o.leaves == 0);
      maker = best(taker);
    }
  }

  private @Nullable Naive best(Naive taker) {
    Naive best = null;
    for (Naive order : waiting) {
      if (order.side == taker.side || !reaches(taker.side, taker.price, order.price)) {
        continue;
      }
      if (best == null
          || (taker.side == Side.BUY ? order.price < best.price : order.price > best.price)) {
        best = order;
      }
    }
    return best;
  }

  private static boolean reaches(Side side, long limit, long price) {
    return side == Side.BUY ? price <= limit : price >= limit;
  }

  private Naive find(String id) {
    return waiting.stream().filter(o -> o.id.equals(id)).findFirst().orElseThrow();
  }
}
