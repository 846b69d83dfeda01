package dev.headwater.trading.market;

/** What an order says about its price. */
public enum OrderType {
  /** At the given price or better. */
  LIMIT,
  /** At any price; never rests in the book. */
  MARKET
}
