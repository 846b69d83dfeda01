package dev.headwater.telemetry;

import dev.headwater.event.Position;
import dev.headwater.projection.ProjectionStatus;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Tells for how long, at most, events have been waiting for a projection. What it can't see is
 * judged for the worse: the event that waits was stored after the one that was applied last, and
 * after everything was applied. Thread-safe.
 */
final class LagClock {
  private final Clock clock;
  private final ConcurrentMap<Integer, Long> storedAt = new ConcurrentHashMap<>();
  private volatile long caughtUpAt;
  private final long watchedSince;

  LagClock(Clock clock) {
    this.clock = clock;
    this.watchedSince = clock.millis();
  }

  void caughtUp() {
    caughtUpAt = clock.millis();
  }

  void applied(List<Position> checkpoints) {
    for (Position checkpoint : checkpoints) {
      long millis = LogTime.millis(checkpoint);
      if (millis > 0) {
        storedAt.put(checkpoint.partition(), millis);
      }
    }
  }

  /** In seconds; 0 while nothing waits. */
  double lag(ProjectionStatus status) {
    long since = Long.MAX_VALUE;
    for (ProjectionStatus.Partition partition : status.partitions()) {
      if (partition.lag() > 0) {
        since = Math.min(since, storedAt.getOrDefault(partition.partition(), watchedSince));
      }
    }
    return since == Long.MAX_VALUE
        ? 0
        : Math.max(0, clock.millis() - Math.max(since, caughtUpAt)) / 1_000.0;
  }
}
