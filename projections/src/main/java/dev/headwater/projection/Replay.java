package dev.headwater.projection;

import dev.headwater.event.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Watches projections until they have caught up, and tells a listener. Used by one thread. */
final class Replay {
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  private final List<ProjectionWorker> workers;
  private final List<Position> targets;
  private final ProgressListener listener;
  private final Waiting waiting;
  private final long total;
  private final long started = System.nanoTime();

  /** Events that were there when it began: others than those tell the speed. */
  private final Map<ProjectionWorker, Long> before = new HashMap<>();

  /** Waits for a projection until a deadline, as {@code nanoTime}. */
  @FunctionalInterface
  interface Waiting {
    Awaited await(ProjectionWorker worker, List<Position> targets, long since, long deadline);
  }

  Replay(
      List<ProjectionWorker> workers,
      List<Position> targets,
      ProgressListener listener,
      Waiting waiting) {
    this.workers = workers;
    this.targets = targets;
    this.listener = listener;
    this.waiting = waiting;
    this.total = targets.stream().mapToLong(Position::sequence).sum();
  }

  /** Reached, or the first projection that halted; the others go on. */
  Awaited follow() {
    Awaited outcome = new Awaited.Reached();
    for (ProjectionWorker worker : workers) {
      Awaited one = follow(worker);
      outcome = outcome instanceof Awaited.Reached ? one : outcome;
    }
    return outcome;
  }

  private Awaited follow(ProjectionWorker worker) {
    while (true) {
      Awaited outcome = waiting.await(worker, targets, started, System.nanoTime() + INTERVAL);
      workers.forEach(this::report);
      if (!(outcome instanceof Awaited.TimedOut) || Thread.currentThread().isInterrupted()) {
        return outcome;
      }
    }
  }

  private void report(ProjectionWorker worker) {
    long nanos = Math.max(1, System.nanoTime() - started);
    ProjectionStatus status = worker.progress().status();
    if (status.partitions().isEmpty()) {
      return; // it has not read its checkpoints yet
    }
    long made = status.applied() - before.computeIfAbsent(worker, w -> status.applied());
    listener.progressed(
        new ReplayProgress(
            status.projection(),
            status.version(),
            status.applied(),
            total,
            made * 1e9 / nanos,
            Duration.ofNanos(nanos)));
  }
}
