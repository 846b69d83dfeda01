package dev.headwater.aggregate;

import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;

/**
 * A command before this one failed in the store, to the same aggregate and handed over before its
 * failure was known. Nothing of this one was stored: its sender counted on an order that could not
 * be kept. Send both again, in order.
 */
public final class PredecessorFailedException extends EventStoreException {
  PredecessorFailedException(StreamId stream, String commandId, Throwable failure) {
    super(
        "command "
            + commandId
            + " to "
            + stream
            + " was not stored, because one before it failed: "
            + failure.getMessage()
            + "; send them again in their order",
        failure);
  }
}
