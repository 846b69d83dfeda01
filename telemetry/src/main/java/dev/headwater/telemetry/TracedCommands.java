package dev.headwater.telemetry;

import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.event.Metadata;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command path that makes a span of each command, {@code handle <aggregate>}, and writes its W3C
 * trace context into the metadata of the command's events. Put around a runtime by applications,
 * once for each type of aggregate. Thread-safe.
 *
 * <p>The parent is the context that the command's metadata names, or else the current one of the
 * caller. Of a trace that is not sampled nothing is written, and metadata is left as it is.
 *
 * @param <C> commands
 * @param <E> events
 */
public final class TracedCommands<C, E> implements HandleCommands<C, E> {
  private final String name;
  private final HandleCommands<C, E> handling;
  private final Tracer tracer;

  /**
   * Traces a command path.
   *
   * @param aggregate the type of its aggregates, part of the spans' name
   */
  public TracedCommands(String aggregate, HandleCommands<C, E> handling, OpenTelemetry telemetry) {
    this.name = "handle " + aggregate;
    this.handling = handling;
    this.tracer = telemetry.getTracer(Spans.SCOPE);
  }

  @Override
  public CompletableFuture<CommandOutcome<E>> handle(
      String aggregateId, String commandId, Metadata metadata, C command) {
    SpanContext given = Traceparent.in(metadata);
    Span span =
        tracer
            .spanBuilder(name)
            .setParent(given.isValid() ? Traceparent.parent(given) : Context.current())
            .startSpan();
    if (!span.getSpanContext().isSampled()) {
      span.end();
      return handling.handle(aggregateId, commandId, metadata, command);
    }
    span.setAttribute(Spans.COMMAND, command.getClass().getSimpleName());
    span.setAttribute(Spans.COMMIT, commandId);
    // Not made current: what runs on this thread may be other callers' commands.
    Metadata traced = Traceparent.with(metadata, span.getSpanContext());
    try {
      return Told.of(
          handling.handle(aggregateId, commandId, traced, command),
          (outcome, failure) -> end(span, outcome, failure));
    } catch (RuntimeException e) {
      end(span, null, e);
      throw e;
    }
  }

  private static void end(
      Span span, @Nullable CommandOutcome<?> outcome, @Nullable Throwable failure) {
    if (outcome == null) {
      Spans.fail(span, failure);
    } else {
      span.setAttribute(Spans.OUTCOME, Outcome.of(outcome));
      if (outcome instanceof CommandOutcome.Rejected<?> rejected) {
        span.setAttribute(Spans.REJECTION, rejected.code());
      } else if (outcome instanceof CommandOutcome.NotDurable<?>) {
        span.setStatus(StatusCode.ERROR);
      }
    }
    span.end();
  }
}
