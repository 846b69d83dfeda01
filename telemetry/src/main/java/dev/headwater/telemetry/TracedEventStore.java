package dev.headwater.telemetry;

import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An event store that makes a span of each append, {@code append <aggregate>}, within the trace
 * that the commit's metadata names. A commit of no trace, or of one that is not sampled, costs next
 * to nothing. Put around a store by applications. Thread-safe.
 */
public final class TracedEventStore extends ForwardingStore {
  private final Tracer tracer;

  /** Traces a store; {@link #close} closes it. */
  public TracedEventStore(EventStore store, OpenTelemetry telemetry) {
    super(store);
    this.tracer = telemetry.getTracer(Spans.SCOPE);
  }

  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    SpanContext command = Traceparent.in(commit.metadata());
    if (!command.isSampled()) {
      return super.append(commit, durability);
    }
    Span span =
        tracer
            .spanBuilder("append " + commit.stream().type())
            .setParent(Traceparent.parent(command))
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(Spans.COMMIT, commit.id())
            .setAttribute(Spans.EVENTS, (long) commit.events().size())
            .startSpan();
    try {
      return Told.of(
          super.append(commit, durability), (result, failure) -> end(span, result, failure));
    } catch (RuntimeException e) {
      end(span, null, e);
      throw e;
    }
  }

  private static void end(Span span, @Nullable AppendResult result, @Nullable Throwable failure) {
    if (result == null) {
      Spans.fail(span, failure);
    } else {
      span.setAttribute(Spans.OUTCOME, Outcome.of(result));
    }
    span.end();
  }
}
