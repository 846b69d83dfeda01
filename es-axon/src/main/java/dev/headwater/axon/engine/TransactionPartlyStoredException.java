package dev.headwater.axon.engine;

import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;
import java.util.List;

/**
 * A transaction had events of several streams, and only some of the streams got theirs: another
 * transaction came in between, or the store failed. Sending the command again would store the first
 * ones twice; what is missing has to be put right by hand or by another command.
 */
public final class TransactionPartlyStoredException extends EventStoreException {
  private final List<StreamId> stored;

  TransactionPartlyStoredException(List<StreamId> stored, StreamId failed, Throwable cause) {
    super(
        "the events for "
            + failed
            + " were not stored ("
            + cause.getMessage()
            + "), those that the same transaction had for "
            + stored
            + " were; keep to one aggregate a transaction, or refuse the others with"
            + " SeveralStreams.REFUSED",
        cause);
    this.stored = List.copyOf(stored);
  }

  /** The streams that have their events. */
  public List<StreamId> stored() {
    return stored;
  }
}
