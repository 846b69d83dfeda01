package dev.headwater.trading.market;

/** Which side of the market an order is on. */
public enum Side {
  /** Bids. */
  BUY,
  /** Offers. */
  SELL;

  /** The side that it trades with. */
  public Side opposite() {
    return this == BUY ? SELL : BUY;
  }
}
