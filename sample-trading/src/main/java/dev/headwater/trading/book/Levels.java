package dev.headwater.trading.book;

import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** One side of the {@link Depth}: the quantity at each price, best price first. Immutable. */
record Levels(TreePMap<Price, Quantity> byPrice) {
  static Levels empty(Side side) {
    return new Levels(TreePMap.empty(bestFirst(side)));
  }

  static Comparator<Price> bestFirst(Side side) {
    return side == Side.BUY ? Comparator.reverseOrder() : Comparator.naturalOrder();
  }

  Levels plus(Price price, Quantity quantity) {
    return new Levels(byPrice.plus(price, at(price).plus(quantity)));
  }

  Levels minus(Price price, Quantity quantity) {
    Quantity left = at(price).minus(quantity);
    return new Levels(left.isZero() ? byPrice.minus(price) : byPrice.plus(price, left));
  }

  Quantity at(Price price) {
    Quantity quantity = byPrice.get(price);
    return quantity == null ? Quantity.ZERO : quantity;
  }

  @Nullable PriceLevel best() {
    if (byPrice.isEmpty()) {
      return null;
    }
    Map.Entry<Price, Quantity> best = byPrice.firstEntry();
    return new PriceLevel(best.getKey(), best.getValue());
  }

  Stream<PriceLevel> stream() {
    return byPrice.entrySet().stream().map(e -> new PriceLevel(e.getKey(), e.getValue()));
  }
}
