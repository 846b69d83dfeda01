package dev.headwater.memory;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.ReadStream;
import dev.headwater.store.ReadStream.Direction;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.SnapshotAndTail.Contradicted;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import dev.headwater.store.SnapshotAndTail.FromStart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The snapshots of an {@link InMemoryEventStore}. Guarded by that store's lock. */
final class InMemorySnapshots implements KeepSnapshots {
  private final Map<StreamId, Snapshot> snapshots = new HashMap<>();
  private final ReadStream streams;

  InMemorySnapshots(ReadStream streams) {
    this.streams = streams;
  }

  @Override
  public SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
    Snapshot kept = snapshots.get(stream);
    if (kept == null || !kept.schema().equals(schema)) {
      return new FromStart(page(stream, 1));
    }
    return isOfThisHistory(stream, kept)
        ? new FromSnapshot(kept, page(stream, kept.version() + 1))
        : new Contradicted(kept.version(), page(stream, 1));
  }

  @Override
  public boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
    Snapshot kept = snapshots.get(stream);
    boolean newerIsKept =
        kept != null
            && kept.schema().equals(snapshot.schema())
            && kept.version() > snapshot.version()
            && isOfThisHistory(stream, kept);
    if (newerIsKept || !isOfThisHistory(stream, snapshot)) {
      return false;
    }
    snapshots.put(stream, snapshot);
    return true;
  }

  private boolean isOfThisHistory(StreamId stream, Snapshot snapshot) {
    return streams.read(stream, snapshot.version(), Direction.FORWARD, 1).stream()
        .anyMatch(event -> event.commitId().equals(snapshot.commitId()));
  }

  private List<RecordedEvent> page(StreamId stream, long from) {
    return streams.read(stream, from, Direction.FORWARD, ReadStream.PAGE);
  }
}
