package dev.headwater.codec;

import dev.headwater.store.EventStoreException;

/** An event has a name, a revision or a class that the codec does not know. */
public final class UnknownEventException extends EventStoreException {
  /** With a message that names the event, its stream and version. */
  public UnknownEventException(String message) {
    super(message);
  }
}
