package dev.headwater.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Attributes of spans. None holds what an event or a command says, or an aggregate's id. */
final class Spans {
  static final String SCOPE = "dev.headwater";

  static final AttributeKey<String> COMMAND = AttributeKey.stringKey("headwater.command");
  static final AttributeKey<String> COMMIT = AttributeKey.stringKey("headwater.commit");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("headwater.outcome");
  static final AttributeKey<String> REJECTION = AttributeKey.stringKey("headwater.rejection");
  static final AttributeKey<Long> EVENTS = AttributeKey.longKey("headwater.events");
  static final AttributeKey<Long> PARTITION = AttributeKey.longKey("headwater.partition");
  static final AttributeKey<Long> LEFT_OUT = AttributeKey.longKey("headwater.commits_left_out");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  private Spans() {}

  /** Marks a span as failed, without the message, which may quote data. */
  static void fail(Span span, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    span.setAttribute(Spans.OUTCOME, Outcome.of(cause));
    if (cause != null) {
      span.setAttribute(ERROR, cause.getClass().getName());
    }
    span.setStatus(StatusCode.ERROR);
  }
}
