package dev.headwater.telemetry;

import dev.headwater.event.Position;
import dev.headwater.projection.ProjectionStatus;
import dev.headwater.projection.ProjectionStatus.Partition;
import java.time.Clock;
import java.util.List;
import java.util.Set;
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
  private volatile Set<Integer> held = Set.of();
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

  /** The partitions that count: the others are for other instances to tell of. */
  void holds(Set<Integer> partitions) {
    held = Set.copyOf(partitions);
  }

  /** Partitions that this instance runs. */
  int held() {
    return held.size();
  }

  /** Events that wait. */
  double events(ProjectionStatus status) {
    return status.partitions().stream()
        .filter(partition -> held.contains(partition.partition()))
        .mapToLong(Partition::lag)
        .sum();
  }

  /** For how long, in seconds; 0 while nothing waits. */
  double seconds(ProjectionStatus status) {
    long since = Long.MAX_VALUE;
    for (Partition partition : status.partitions()) {
      if (partition.lag() > 0 && held.contains(partition.partition())) {
        since = Math.min(since, storedAt.getOrDefault(partition.partition(), watchedSince));
      }
    }
    return since == Long.MAX_VALUE
        ? 0
        : Math.max(0, clock.millis() - Math.max(since, caughtUpAt)) / 1_000.0;
  }
}
