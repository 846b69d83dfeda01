package dev.headwater.store;

import dev.headwater.event.RecordedEvent;
import java.util.List;

/** What {@link KeepSnapshots#loadFromSnapshot} found. */
public sealed interface SnapshotAndTail {
  /**
   * The first events that are to be applied, in order: at most {@link ReadStream#PAGE}; fewer have
   * reached the end of the stream.
   */
  List<RecordedEvent> tail();

  /** A snapshot, and the events behind it. */
  record FromSnapshot(Snapshot snapshot, List<RecordedEvent> tail) implements SnapshotAndTail {}

  /** There is no snapshot of this schema: the events from the first on. */
  record FromStart(List<RecordedEvent> tail) implements SnapshotAndTail {}

  /**
   * There is one, of an event that the stream does not have: the store has lost events since, or
   * was restored from a backup. The events from the first on.
   *
   * @param version what the snapshot claims to be the state after
   */
  record Contradicted(long version, List<RecordedEvent> tail) implements SnapshotAndTail {}
}
