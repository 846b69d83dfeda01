package dev.headwater.redis.faults;

import java.util.Locale;

/**
 * What rounds without a finding add up to.
 *
 * @param acknowledged commits that writers had receipts for
 * @param refused commits that writers were told are not stored
 * @param resolved commits of those acknowledged whose first answer was lost
 * @param events events in the stores
 */
record Tally(long acknowledged, long refused, long resolved, long events) {
  static final Tally NONE = new Tally(0, 0, 0, 0);

  Tally plus(Tally other) {
    return new Tally(
        acknowledged + other.acknowledged,
        refused + other.refused,
        resolved + other.resolved,
        events + other.events);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d commits acknowledged (%,d by their id after a lost answer), 0 lost, 0 twice;"
            + " %,d not stored and told so; log and streams of %,d events consistent",
        acknowledged,
        resolved,
        refused,
        events);
  }
}
