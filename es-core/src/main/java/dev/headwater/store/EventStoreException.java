package dev.headwater.store;

import org.jspecify.annotations.Nullable;

/** Root of what an event store throws. Messages say what failed, where, and what to do. */
public class EventStoreException extends RuntimeException {
  /** With a message that an operator understands. */
  public EventStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** With a message that an operator understands. */
  public EventStoreException(String message) {
    super(message);
  }
}
