package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Polls a subscription until there is enough for a transaction, and decodes it. Thread-safe. */
final class Gatherer {
  /** Longest gathering: a projection of rare types passes over many events for a full batch. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Heads heads;
  private final EventCodec codec;
  private final int enough;
  private final Duration pollWait;

  Gatherer(Heads heads, EventCodec codec, RunnerSettings settings) {
    this.heads = heads;
    this.codec = codec;
    this.enough = settings.batchEvents();
    this.pollWait = settings.pollWait();
  }

  /**
   * Waits a while for events behind the positions; while more are known to be there, it goes on
   * until there are enough for a batch or it took long enough.
   */
  Gathered gather(
      Subscription subscription, Map<Integer, Position> positions, BooleanSupplier stopping) {
    long asked = System.nanoTime();
    Map<Integer, Position> reached = new TreeMap<>(positions);
    List<PartitionBatch> batches = new ArrayList<>();
    List<PartitionEvent> events = new ArrayList<>();
    List<PartitionBatch> polled = subscription.poll(pollWait);
    long deadline = System.nanoTime() + GATHER_NANOS;
    while (!polled.isEmpty()) {
      for (PartitionBatch batch : polled) {
        if (!batch.events().isEmpty()) {
          batches.add(batch);
          decode(batch, events);
        }
        reached.put(batch.next().partition(), batch.next());
      }
      long left = deadline - System.nanoTime();
      boolean done =
          events.size() >= enough
              || heads.lag(reached.values()) == 0
              || left <= 0
              || stopping.getAsBoolean();
      polled = done ? List.of() : subscription.poll(min(pollWait, Duration.ofNanos(left)));
    }
    return new Gathered(batches, events, reached, System.nanoTime() - asked);
  }

  private void decode(PartitionBatch batch, List<PartitionEvent> events) {
    Position next = batch.next();
    for (SequencedEvent event : batch.events()) {
      Object payload = decoded(event.event());
      events.add(new PartitionEvent(next.partition(), next.epoch(), event, payload));
    }
  }

  private @Nullable Object decoded(RecordedEvent event) {
    try {
      return codec.decode(event);
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      return null; // it fails again where the event is handled, and there it is known what to do
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
