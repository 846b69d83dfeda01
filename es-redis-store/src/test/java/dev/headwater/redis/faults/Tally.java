package dev.headwater.redis.faults;

import java.util.Locale;

/**
 * What rounds without a finding add up to.
 *
 * @param acknowledged commits that writers had receipts for
 * @param refused commits that writers were told are not stored
 * @param resolved commits of those acknowledged whose first answer was lost
 * @param lost commits of those acknowledged that are gone, all of them within the time before a
 *     kill for which the server had promised nothing
 * @param events events in the stores
 */
record Tally(long acknowledged, long refused, long resolved, long lost, long events) {
  static final Tally NONE = new Tally(0, 0, 0, 0, 0);

  Tally plus(Tally other) {
    return new Tally(
        acknowledged + other.acknowledged,
        refused + other.refused,
        resolved + other.resolved,
        lost + other.lost,
        events + other.events);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d commits acknowledged (%,d by their id after a lost answer), %s, 0 twice;"
            + " %,d not stored and told so; log and streams of %,d events consistent",
        acknowledged,
        resolved,
        lost == 0
            ? "0 lost"
            : String.format(Locale.ROOT, "%,d of the last moment before a kill lost", lost),
        refused,
        events);
  }
}
