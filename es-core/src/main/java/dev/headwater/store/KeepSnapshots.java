package dev.headwater.store;

import dev.headwater.event.StreamId;

/**
 * Keeps the latest snapshot of each aggregate beside its stream. Implemented by stores that can
 * give snapshot and tail in one round trip; called by the command path. Thread-safe.
 */
public interface KeepSnapshots {
  /**
   * The snapshot of a stream and the events behind it, in one round trip (a long tail may take
   * more); the events from the first on where there is no snapshot of this schema, or only one that
   * contradicts the stream.
   *
   * <p>The tail has up to {@link ReadStream#PAGE} events. Where it has as many, more may follow:
   * they are read by {@link ReadStream#read}. Of a stream that doesn't exist nothing is found and
   * the tail is empty. A store that is open for reading only may take every snapshot as none.
   *
   * @param schema see {@link Snapshot#schema}
   * @throws StoreUnavailableException if the store can't be reached or refuses
   * @throws EventStoreException if what is kept there is not a stream or its events can't be read
   */
  SnapshotAndTail loadFromSnapshot(StreamId stream, String schema);

  /**
   * Keeps a snapshot in place of the one before.
   *
   * @return false if it was not kept, because the stream does not have the event that it is of, or
   *     because one of the same schema and of a later event is there already
   * @throws StoreUnavailableException if the store can't be reached or refuses; the snapshot may be
   *     kept all the same, which does no harm, and it may be saved again
   * @throws EventStoreException if the store is open for reading only
   */
  boolean saveSnapshot(StreamId stream, Snapshot snapshot);
}
