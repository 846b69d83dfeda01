package dev.headwater.trading.market;

/** How long an order may wait for the other side. */
public enum TimeInForce {
  /** Rests until the end of the day. */
  DAY,
  /** Rests until it is cancelled. */
  GTC,
  /** Immediate or cancel: trades what it can at once, the remainder is cancelled. */
  IOC,
  /** Fill or kill: trades in full at once, or not at all. */
  FOK;

  /** Whether a limit order's remainder stays in the book. */
  public boolean rests() {
    return this == DAY || this == GTC;
  }
}
