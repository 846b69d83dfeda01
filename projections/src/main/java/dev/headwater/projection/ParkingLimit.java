package dev.headwater.projection;

import java.time.Duration;

/**
 * How many aggregates a projection may park before it stops as failed: what hits every aggregate is
 * no matter of single events.
 *
 * @param aggregates how many may be parked within {@code window}, from 0, which parks none: the
 *     first event that can't be handled stops the projection
 * @param window how far back parked aggregates count; those that were resolved do not
 */
public record ParkingLimit(int aggregates, Duration window) {
  /** 100 aggregates within an hour. */
  public static final ParkingLimit DEFAULT = new ParkingLimit(100, Duration.ofHours(1));

  /** Validates. */
  public ParkingLimit {
    if (aggregates < 0) {
      throw new IllegalArgumentException("aggregates must be at least 0, was: " + aggregates);
    }
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window must be longer than nothing, was: " + window);
    }
  }

  /** Another number of aggregates within the window of {@link #DEFAULT}. */
  public static ParkingLimit of(int aggregates) {
    return new ParkingLimit(aggregates, DEFAULT.window);
  }
}
