package dev.headwater.store;

import dev.headwater.event.StreamId;

/**
 * Keeps the latest snapshot of each aggregate beside its stream. Implemented by stores that can
 * give snapshot and tail in one round trip; called by the command path.
 */
public interface KeepSnapshots {
  /**
   * The snapshot of a stream and the events behind it, in one round trip (a long tail may take
   * more); the events from the first on where there is no snapshot of this schema, or only one that
   * contradicts the stream.
   *
   * @param schema see {@link Snapshot#schema}
   */
  SnapshotAndTail loadFromSnapshot(StreamId stream, String schema);

  /**
   * Keeps a snapshot in place of the one before.
   *
   * @return false if it was not kept, because the stream does not have the event that it is of, or
   *     because one of the same schema and of a later event is there already
   */
  boolean saveSnapshot(StreamId stream, Snapshot snapshot);
}
