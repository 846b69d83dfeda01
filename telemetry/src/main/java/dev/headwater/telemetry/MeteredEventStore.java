package dev.headwater.telemetry;

import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.OverloadedException;
import dev.headwater.store.Receipt;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event store whose appends are counted and timed, by the type of their stream and by what came
 * of them. Put around a store by applications. Thread-safe.
 *
 * <p>Snapshots are kept by the store itself, which is not hidden behind this one.
 */
public final class MeteredEventStore extends ForwardingStore {
  private final MeterRegistry registry;
  private final ConcurrentMap<String, Meters> byType = new ConcurrentHashMap<>();

  /** Measures a store; {@link #close} closes it. */
  public MeteredEventStore(EventStore store, MeterRegistry registry) {
    super(store);
    this.registry = registry;
  }

  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    Meters meters = byType.computeIfAbsent(commit.stream().type(), this::metersOf);
    long started = System.nanoTime();
    try {
      return Told.of(
          super.append(commit, durability),
          (result, failure) -> meters.record(commit, result, failure, started));
    } catch (OverloadedException e) {
      meters.record(commit, null, e, started);
      throw e;
    }
  }

  private Meters metersOf(String type) {
    return new Meters(
        new Timers(
            outcome ->
                Latency.timer("headwater.append", "From handing over a commit to its outcome")
                    .tag("aggregate", type)
                    .tag("outcome", outcome)
                    .register(registry)),
        Counter.builder("headwater.append.events")
            .description("Events that were stored")
            .tag("aggregate", type)
            .register(registry));
  }

  private record Meters(Timers appends, Counter events) {
    void record(
        Commit commit, @Nullable AppendResult result, @Nullable Throwable failure, long started) {
      String outcome = result != null ? Outcome.of(result) : Outcome.of(failure);
      appends.of(outcome).record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
      if ((result instanceof Appended(Receipt receipt) && !receipt.duplicate())
          || (result instanceof NotDurable(Receipt written, var asked, var reason)
              && !written.duplicate())) {
        events.increment(commit.events().size());
      }
    }
  }
}
