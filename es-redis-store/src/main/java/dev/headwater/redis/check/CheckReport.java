package dev.headwater.redis.check;

/**
 * How much was checked, and what came of it.
 *
 * @param streams aggregates' streams that were read whole
 * @param events events in them
 * @param entries entries of the partitions' logs
 * @param findings how many findings were reported
 */
public record CheckReport(long streams, long events, long entries, long findings) {
  /** Nothing checked, nothing found. */
  public static final CheckReport NONE = new CheckReport(0, 0, 0, 0);

  /** Whether there was no finding. */
  public boolean isConsistent() {
    return findings == 0;
  }

  /** Both together. */
  public CheckReport plus(CheckReport other) {
    return new CheckReport(
        streams + other.streams,
        events + other.events,
        entries + other.entries,
        findings + other.findings);
  }
}
