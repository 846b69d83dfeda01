package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Polls a subscription until there is enough for a transaction: also ahead, on another thread,
 * while the transaction before is at work. For one thread, and closed before the subscription is.
 */
final class Gathering implements AutoCloseable {
  /** Longest gathering: a projection of rare types passes over many events for a full batch. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Subscription subscription;
  private final Heads heads;
  private final RunnerSettings settings;
  private final BooleanSupplier stopping;
  private @Nullable FutureTask<Gathered> ahead;

  Gathering(
      Subscription subscription, Heads heads, RunnerSettings settings, BooleanSupplier stopping) {
    this.subscription = subscription;
    this.heads = heads;
    this.settings = settings;
    this.stopping = stopping;
  }

  /**
   * What is to be applied together.
   *
   * @param reached the position in each partition when it is
   * @param nanos how long it took to get it
   */
  record Gathered(List<PartitionBatch> batches, Map<Integer, Position> reached, long nanos) {}

  /** The next ones, behind these positions; waits a while where there are none. */
  Gathered next(Map<Integer, Position> positions) throws Exception {
    FutureTask<Gathered> begun = ahead;
    if (begun == null) {
      return gather(positions, settings.pollWait());
    }
    ahead = null;
    try {
      return begun.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception failure ? failure : e;
    }
  }

  /** Begins with the next ones, if there is at least another batch behind these positions. */
  void begin(Map<Integer, Position> positions) {
    if (!stopping.getAsBoolean() && heads.lag(positions.values()) >= settings.batchEvents()) {
      Map<Integer, Position> from = new TreeMap<>(positions);
      FutureTask<Gathered> task = new FutureTask<>(() -> gather(from, Duration.ZERO));
      Thread.ofVirtual().name("projection-gathering").start(task);
      ahead = task;
    }
  }

  /** Polls; while it is behind, until there is enough for a batch or it took long enough. */
  private Gathered gather(Map<Integer, Position> positions, Duration wait) {
    long asked = System.nanoTime();
    Map<Integer, Position> reached = new TreeMap<>(positions);
    List<PartitionBatch> gathered = new ArrayList<>();
    List<PartitionBatch> polled = subscription.poll(wait);
    long deadline = System.nanoTime() + GATHER_NANOS;
    int events = 0;
    while (!polled.isEmpty()) {
      for (PartitionBatch batch : polled) {
        if (!batch.events().isEmpty()) {
          gathered.add(batch);
        }
        reached.put(batch.next().partition(), batch.next());
        events += batch.events().size();
      }
      long left = deadline - System.nanoTime();
      boolean enough =
          events >= settings.batchEvents()
              || heads.lag(reached.values()) == 0
              || left <= 0
              || stopping.getAsBoolean();
      polled = enough ? List.of() : subscription.poll(Duration.ofNanos(left));
    }
    return new Gathered(gathered, reached, System.nanoTime() - asked);
  }

  /** Waits for what has begun; nobody will apply it, and whoever comes next reads it again. */
  @Override
  public void close() {
    FutureTask<Gathered> begun = ahead;
    if (begun != null) {
      Uninterrupted.run(
          () -> {
            try {
              begun.get();
            } catch (ExecutionException e) {
              // The same failure meets the next session, if it lasts.
            }
          });
    }
  }
}
