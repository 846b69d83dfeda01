package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.readmodel.internal.Transactions;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for projections. What runs here notifies its waiters; for what other instances run, the
 * checkpoints are looked at, by one query for all who wait and at growing intervals, and only while
 * somebody waits. Thread-safe.
 */
final class CheckpointWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointWatch.class);

  /** How long a waiter relies on being notified before it looks who runs the partition now. */
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(100);

  private final Transactions database;
  private final Map<Waiter, Boolean> waiters = new ConcurrentHashMap<>();
  private final Semaphore arrivals = new Semaphore(0);
  private @Nullable Thread thread;

  CheckpointWatch(Transactions database) {
    this.database = database;
  }

  /** Who waits for what; each is another one. */
  private static final class Waiter {
    final ProjectionId projection;
    final Progress progress;
    final List<Position> targets;
    final long since;

    Waiter(ProjectionId projection, Progress progress, List<Position> targets, long since) {
      this.projection = projection;
      this.progress = progress;
      this.targets = targets;
      this.since = since;
    }

    boolean isElsewhere() {
      return progress.isElsewhere(targets, since);
    }
  }

  /**
   * Waits until a projection has reached the targets.
   *
   * @param since when the caller began to wait, as {@code nanoTime}: what was seen of other
   *     instances before may have been taken back by a replay
   * @param deadline as {@code nanoTime}
   * @param others whether other instances go on where this one has halted
   */
  Awaited await(
      ProjectionId projection,
      Progress progress,
      List<Position> targets,
      long since,
      long deadline,
      BooleanSupplier others)
      throws InterruptedException {
    Waiter waiter = new Waiter(projection, progress, targets, since);
    try {
      while (true) {
        if (waiter.isElsewhere()) {
          watch(waiter);
        }
        long slice = System.nanoTime() + SLICE;
        boolean last = deadline - slice <= 0;
        Awaited outcome =
            progress.await(targets, since, last ? deadline : slice, others.getAsBoolean());
        if (last || !(outcome instanceof Awaited.TimedOut)) {
          return outcome;
        }
      }
    } finally {
      waiters.remove(waiter);
    }
  }

  private synchronized void watch(Waiter waiter) {
    if (waiters.put(waiter, true) == null) {
      arrivals.release();
    }
    if (thread == null) {
      thread = Thread.ofPlatform().name("projection-watch").daemon().start(this::run);
    }
  }

  private synchronized boolean isDone() {
    if (waiters.isEmpty()) {
      thread = null;
      return true;
    }
    return false;
  }

  private void run() {
    try {
      while (!isDone()) {
        arrivals.drainPermits();
        look();
        TimeUnit.NANOSECONDS.sleep(SHORTEST);
        var unused = arrivals.tryAcquire(interval() - SHORTEST, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Short for those who came just now, longer when all have waited long. */
  private long interval() {
    long now = System.nanoTime();
    long youngest =
        waiters.keySet().stream().mapToLong(one -> now - one.since).min().orElse(SHORTEST);
    return Math.clamp(youngest / 4, SHORTEST, LONGEST);
  }

  private void look() {
    Collection<Waiter> remote = waiters.keySet().stream().filter(Waiter::isElsewhere).toList();
    Set<ProjectionId> projections = new HashSet<>();
    remote.forEach(waiter -> projections.add(waiter.projection));
    if (projections.isEmpty()) {
      return;
    }
    try {
      long askedAt = System.nanoTime();
      Map<ProjectionId, List<Checkpoint>> found =
          database.run(connection -> Checkpoints.of(connection, projections));
      Set<Progress> told = new HashSet<>();
      for (Waiter waiter : remote) {
        if (told.add(waiter.progress)) {
          waiter.progress.elsewhere(found.getOrDefault(waiter.projection, List.of()), askedAt);
        }
      }
    } catch (Exception e) {
      LOG.debug("checkpoints were not read: {}", Failures.describe(e));
    }
  }
}
