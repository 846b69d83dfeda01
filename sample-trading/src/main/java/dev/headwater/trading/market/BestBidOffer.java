package dev.headwater.trading.market;

import org.jspecify.annotations.Nullable;

/**
 * The top of a book: the best price of each side and the quantity there. Both are null where the
 * side is empty.
 */
public record BestBidOffer(
    @Nullable Price bid,
    @Nullable Quantity bidQuantity,
    @Nullable Price ask,
    @Nullable Quantity askQuantity) {
  /** The top of an empty book. */
  public static final BestBidOffer EMPTY = new BestBidOffer(null, null, null, null);

  /** Whether the bid is at or above the ask, which happens only while an order is being matched. */
  public boolean isCrossed() {
    return bid != null && ask != null && bid.compareTo(ask) >= 0;
  }

  /** {@code quantity@price / quantity@price}, a dash for an empty side. */
  @Override
  public String toString() {
    return (bid == null ? "-" : bidQuantity + "@" + bid)
        + " / "
        + (ask == null ? "-" : askQuantity + "@" + ask);
  }
}
