package dev.headwater.codec;

import dev.headwater.event.RecordedEvent;
import dev.headwater.store.EventStoreException;
import org.jspecify.annotations.Nullable;

/** The payload of a stored event is not what its type says. */
public final class UnreadableEventException extends EventStoreException {
  UnreadableEventException(RecordedEvent event, @Nullable Throwable cause) {
    super(
        "payload can't be read: " + event + (cause == null ? "" : ": " + firstLine(cause)), cause);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
