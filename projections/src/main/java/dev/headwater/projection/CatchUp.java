package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.store.Subscription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and decodes events once for all projections of a runner that catch up from the same place.
 * Each takes a batch for its own transaction when it comes to it; whoever is first to need one
 * begins to gather it, while the others still work. Nobody waits for the slowest: who is more than
 * {@value #KEPT} batches behind finds nothing here. Thread-safe.
 */
final class CatchUp {
  private static final int KEPT = 3;

  private final Set<ProjectionId> projections;
  private final Function<Map<Integer, Position>, Subscription> subscribe;
  private final Gatherer gatherer;

  /** The latest batches by the positions behind which they are. */
  private final Map<Map<Integer, Position>, FutureTask<Gathered>> kept = new LinkedHashMap<>();

  private @Nullable FutureTask<Gathered> last;

  /** Touched by one gathering after the other, and by the close after the last one. */
  private volatile @Nullable Subscription subscription;

  /** Of each projection that is in it, whether it stops. */
  private final Set<BooleanSupplier> members = ConcurrentHashMap.newKeySet();

  /**
   * @param projections those whose events are gathered
   * @param subscribe opens the subscription, behind the first positions
   */
  CatchUp(
      Set<ProjectionId> projections,
      Function<Map<Integer, Position>, Subscription> subscribe,
      Gatherer gatherer) {
    this.projections = projections;
    this.subscribe = subscribe;
    this.gatherer = gatherer;
  }

  /** Those whose events are gathered. */
  Set<ProjectionId> projections() {
    return projections;
  }

  /** Lets one take part; its gathering ends early when all of them stop. */
  void join(BooleanSupplier stopping) {
    members.add(stopping);
  }

  /** Whether that was the last one. */
  boolean leave(BooleanSupplier stopping) {
    members.remove(stopping);
    return members.isEmpty();
  }

  private boolean isStopping() {
    return members.stream().allMatch(BooleanSupplier::getAsBoolean);
  }

  /** The batch behind positions, which may be yet to come; null if there is none to be had here. */
  synchronized @Nullable Future<Gathered> behind(Map<Integer, Position> positions) {
    FutureTask<Gathered> known = kept.get(positions);
    if (known != null && !isAtEnd(known, positions)) {
      return known;
    }
    FutureTask<Gathered> before = last;
    return before == null || isAtEnd(before, positions) ? begin(new TreeMap<>(positions)) : null;
  }

  private static boolean isAtEnd(FutureTask<Gathered> task, Map<Integer, Position> positions) {
    return task.state() == Future.State.SUCCESS && task.resultNow().reached().equals(positions);
  }

  private Future<Gathered> begin(Map<Integer, Position> positions) {
    Callable<Gathered> gathering =
        () -> gatherer.gather(opened(positions), positions, this::isStopping);
    FutureTask<Gathered> task = new FutureTask<>(gathering);
    last = task;
    kept.put(positions, task);
    if (kept.size() > KEPT) {
      kept.remove(kept.keySet().iterator().next());
    }
    Thread.ofVirtual().name("projection-gathering").start(task);
    return task;
  }

  private Subscription opened(Map<Integer, Position> positions) {
    Subscription open = subscription;
    if (open == null) {
      open = subscribe.apply(positions);
      subscription = open;
    }
    return open;
  }

  /** After the last projection has left; waits for what is being gathered. */
  void close() {
    FutureTask<Gathered> begun = last;
    if (begun != null) {
      Uninterrupted.run(
          () -> {
            try {
              begun.get();
            } catch (ExecutionException e) {
              // Told to those who took it.
            }
          });
    }
    Subscription open = subscription;
    if (open != null) {
      open.close();
    }
  }
}
