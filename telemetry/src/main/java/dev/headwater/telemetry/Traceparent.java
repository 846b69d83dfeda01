package dev.headwater.telemetry;

import dev.headwater.event.Metadata;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import org.jspecify.annotations.Nullable;

/** The trace context in an event's metadata, in the form of W3C's {@code traceparent}. */
final class Traceparent {
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<Metadata> FIELD =
      new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable Metadata metadata, String key) {
          return metadata != null && key.equals("traceparent") ? metadata.traceparent() : null;
        }
      };

  private Traceparent() {}

  /** The context that metadata names; an invalid one where it names none or is malformed. */
  static SpanContext in(Metadata metadata) {
    return metadata.traceparent() == null
        ? SpanContext.getInvalid()
        : Span.fromContext(W3C.extract(Context.root(), metadata, FIELD)).getSpanContext();
  }

  /** The metadata naming a context instead. */
  static Metadata with(Metadata metadata, SpanContext context) {
    return metadata.withTraceparent(
        "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex());
  }

  /** A parent for spans. */
  static Context parent(SpanContext context) {
    return Context.root().with(Span.wrap(context));
  }
}
