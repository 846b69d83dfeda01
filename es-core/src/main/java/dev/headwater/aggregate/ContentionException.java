package dev.headwater.aggregate;

import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;

/**
 * Other writers changed an aggregate each time before a command could be stored. Nothing was
 * stored; try again later.
 */
public final class ContentionException extends EventStoreException {
  ContentionException(StreamId stream, String commandId, int attempts) {
    super(
        "command "
            + commandId
            + " to "
            + stream
            + " was decided "
            + attempts
            + " times, and each time another writer was faster; send it again, or let one process"
            + " own the aggregate");
  }
}
