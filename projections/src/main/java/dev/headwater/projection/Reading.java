package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.store.SubscribeToPartitions;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How the projections of a runner read the store: each by a subscription of its own, or where they
 * are far behind by {@link CatchUp}s. Thread-safe.
 */
final class Reading {
  /** Being behind by less is no reason to begin a catch-up, however small the batches are. */
  private static final int FAR = 5_000;

  private final SubscribeToPartitions store;
  private final Heads heads;
  private final Gatherer gatherer;
  private final int batchEvents;
  private final Supplier<Map<ProjectionId, Predicate<EventType>>> expected;
  private final List<CatchUp> catchUps = new ArrayList<>();

  /**
   * @param expected the projections that catch up, or will soon, and which events they want
   */
  Reading(
      SubscribeToPartitions store,
      Heads heads,
      EventCodec codec,
      RunnerSettings settings,
      Supplier<Map<ProjectionId, Predicate<EventType>>> expected) {
    this.store = store;
    this.heads = heads;
    this.gatherer = new Gatherer(heads, codec, settings);
    this.batchEvents = settings.batchEvents();
    this.expected = expected;
  }

  /** A catch-up that was joined, and the batch behind the positions. */
  record Joined(CatchUp catchUp, Future<Gathered> batch) {}

  boolean isFarBehind(Map<Integer, Position> positions) {
    return heads.lag(positions.values()) >= Math.max(FAR, batchEvents);
  }

  /** Subscribes in the name of a projection. */
  Subscription subscribe(
      ProjectionId id, Map<Integer, Position> positions, Predicate<EventType> wanted) {
    List<Position> from = List.copyOf(positions.values());
    return store.subscribe(
        new SubscriptionSpec(id.toString(), "runner", from, wanted, batchEvents));
  }

  /** See {@link Gatherer#gather}. */
  Gathered gather(
      Subscription subscription, Map<Integer, Position> positions, BooleanSupplier stopping) {
    return gatherer.gather(subscription, positions, stopping);
  }

  /**
   * Joins a catch-up that has the events behind the positions, or begins one.
   *
   * @param stopping whether this one stops; the same object is to {@link #leave}
   */
  synchronized Joined join(
      ProjectionId id,
      Map<Integer, Position> positions,
      Predicate<EventType> wanted,
      BooleanSupplier stopping) {
    for (CatchUp catchUp : catchUps) {
      Future<Gathered> batch =
          catchUp.projections().contains(id) ? catchUp.behind(positions) : null;
      if (batch != null) {
        catchUp.join(stopping);
        return new Joined(catchUp, batch);
      }
    }
    CatchUp begun = begin(id, wanted);
    catchUps.add(begun);
    begun.join(stopping);
    Future<Gathered> first = begun.behind(positions);
    if (first == null) {
      throw new IllegalStateException("a catch-up begins wherever it is asked first");
    }
    return new Joined(begun, first);
  }

  private CatchUp begin(ProjectionId id, Predicate<EventType> wanted) {
    Map<ProjectionId, Predicate<EventType>> all = new LinkedHashMap<>(expected.get());
    all.put(id, wanted);
    List<Predicate<EventType>> each = List.copyOf(all.values());
    Predicate<EventType> any = type -> each.stream().anyMatch(one -> one.test(type));
    return new CatchUp(
        Set.copyOf(all.keySet()), positions -> subscribe(id, positions, any), gatherer);
  }

  /** Leaves one that was joined; the last one closes it. */
  void leave(CatchUp catchUp, BooleanSupplier stopping) {
    if (isLast(catchUp, stopping)) {
      catchUp.close();
    }
  }

  private synchronized boolean isLast(CatchUp catchUp, BooleanSupplier stopping) {
    return catchUp.leave(stopping) && catchUps.remove(catchUp);
  }
}
