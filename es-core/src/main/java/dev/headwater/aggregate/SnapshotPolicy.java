package dev.headwater.aggregate;

import java.time.Duration;

/**
 * Says when an aggregate is worth a new snapshot. Asked by the command path whenever events were
 * stored, so it must be quick. Thread-safe.
 */
@FunctionalInterface
public interface SnapshotPolicy {
  /**
   * Whether a snapshot is due.
   *
   * @param events how many events are stored behind the latest snapshot; at least 1
   * @param replayNanos about how long reading and applying them would take, in nanoseconds, by what
   *     the runtime has measured on its own loads
   */
  boolean isDue(long events, long replayNanos);

  /** Every so many events, from 1. */
  static SnapshotPolicy every(long events) {
    if (events < 1) {
      throw new IllegalArgumentException(
          "events between two snapshots must be at least 1, were: " + events);
    }
    return (behind, replayNanos) -> behind >= events;
  }

  /** Once loading the events behind the latest snapshot would take so long. */
  static SnapshotPolicy whenReplayTakes(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("time of a replay must be above zero, was: " + limit);
    }
    long nanos = limit.toNanos();
    return (behind, replayNanos) -> replayNanos >= nanos;
  }

  /** Never; snapshots that are there are used. */
  static SnapshotPolicy never() {
    return (behind, replayNanos) -> false;
  }

  /** When this one or another says so. */
  default SnapshotPolicy or(SnapshotPolicy other) {
    return (behind, replayNanos) -> isDue(behind, replayNanos) || other.isDue(behind, replayNanos);
  }
}
