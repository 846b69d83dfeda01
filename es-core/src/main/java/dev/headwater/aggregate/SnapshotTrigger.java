package dev.headwater.aggregate;

/** Knows how far one aggregate is behind its latest snapshot, and has the next one written. */
final class SnapshotTrigger<S> {
  private final String aggregateId;
  private final SnapshotWriter<S> writer;

  /** What the latest one is of that was loaded, written, or tried to be written. */
  private long snapshotVersion;

  SnapshotTrigger(String aggregateId, SnapshotWriter<S> writer) {
    this.aggregateId = aggregateId;
    this.writer = writer;
  }

  /** The aggregate was read from the store. */
  void loaded(Versioned<S> from, Versioned<S> state, Replay replay) {
    if (from.version() == 0) {
      synchronized (this) {
        snapshotVersion = state.version() - replay.events();
      }
    }
    writer.measured(replay);
    if (replay.events() > 0) {
      stored(state, replay.lastCommit());
    }
  }

  /** Everything up to this state is stored. Returns at once. */
  void stored(Versioned<S> state, String commitId) {
    if (!writer.isOn()) {
      return;
    }
    synchronized (this) {
      if (writer.isDue(state.version() - snapshotVersion)
          && writer.offer(aggregateId, state, commitId)) {
        snapshotVersion = state.version(); // also if it fails: not to be tried at each command
      }
    }
  }
}
