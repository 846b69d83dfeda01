package dev.headwater.telemetry;

import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.event.Metadata;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A command path whose commands are counted and timed by what came of them. Put around a runtime by
 * applications, once for each type of aggregate. Thread-safe.
 *
 * @param <C> commands
 * @param <E> events
 */
public final class MeteredCommands<C, E> implements HandleCommands<C, E> {
  private final HandleCommands<C, E> handling;
  private final Timers timers;
  private final AtomicLong waiting = new AtomicLong();

  /**
   * Measures a command path.
   *
   * @param aggregate the type of its aggregates, becomes a tag
   */
  public MeteredCommands(String aggregate, HandleCommands<C, E> handling, MeterRegistry registry) {
    this.handling = handling;
    this.timers =
        new Timers(
            outcome ->
                Latency.timer("headwater.command", "From handing over a command to its answer")
                    .tag("aggregate", aggregate)
                    .tag("outcome", outcome)
                    .register(registry));
    Gauge.builder("headwater.command.waiting", waiting, AtomicLong::get)
        .description("Commands without an answer yet")
        .tag("aggregate", aggregate)
        .strongReference(true)
        .register(registry);
  }

  @Override
  public CompletableFuture<CommandOutcome<E>> handle(
      String aggregateId, String commandId, Metadata metadata, C command) {
    long started = System.nanoTime();
    waiting.incrementAndGet();
    try {
      return Told.of(
          handling.handle(aggregateId, commandId, metadata, command),
          (outcome, failure) ->
              answered(outcome != null ? Outcome.of(outcome) : Outcome.of(failure), started));
    } catch (RuntimeException e) {
      answered(Outcome.of(e), started);
      throw e;
    }
  }

  private void answered(String outcome, long started) {
    waiting.decrementAndGet();
    timers.of(outcome).record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
  }
}
