package dev.headwater.aggregate;

/** What reading and applying an event takes, by what loads of a runtime took. Thread-safe. */
final class ReplayCost {
  /** Before anything was measured. */
  private static final double ASSUMED_NANOS = 5_000;

  /** In a shorter load the round trip and not the events is what takes the time. */
  private static final long SHORTEST = 100;

  /** Older measurements fade once there are as many events as this. */
  private static final double MEMORY = 100_000;

  private double events;
  private double nanos;
  private volatile double nanosPerEvent = ASSUMED_NANOS;

  synchronized void measured(long eventCount, long tookNanos) {
    if (eventCount < SHORTEST) {
      return;
    }
    double kept = Math.min(1, MEMORY / (events + eventCount));
    events = events * kept + eventCount;
    nanos = nanos * kept + tookNanos;
    nanosPerEvent = nanos / events;
  }

  long nanosFor(long eventCount) {
    return (long) (eventCount * nanosPerEvent);
  }
}
