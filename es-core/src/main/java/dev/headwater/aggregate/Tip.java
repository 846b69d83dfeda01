package dev.headwater.aggregate;

import dev.headwater.event.RecordedEvent;
import dev.headwater.store.ExpectedVersion;
import org.jspecify.annotations.Nullable;

/**
 * The state on which the next command to an aggregate is decided: that of all commands before it,
 * stored or on their way. Known to the worker of the aggregate's mailbox alone.
 */
final class Tip<C, S, E> {
  private final String aggregateId;
  private final AggregateType<C, S, E> type;
  private final Unsettled<C, S, E> unsettled;
  private final SnapshotTrigger<S> snapshots;

  /** Null when it has to be read. */
  private @Nullable Versioned<S> state;

  /** Whether the stream was neither read nor written by this mailbox. */
  private boolean isUnread = true;

  /** Commit of the last event of the state, where this mailbox has appended it. */
  private String commit = "";

  Tip(
      String aggregateId,
      AggregateType<C, S, E> type,
      Unsettled<C, S, E> unsettled,
      SnapshotTrigger<S> snapshots) {
    this.aggregateId = aggregateId;
    this.type = type;
    this.unsettled = unsettled;
    this.snapshots = snapshots;
  }

  boolean isUnread() {
    return isUnread;
  }

  /** From now on the aggregate is taken for a new one. */
  void isGuessed() {
    isUnread = false;
  }

  /** Whether it needs no reading; it may be stale then. */
  boolean isKnown() {
    return state != null;
  }

  void forget() {
    state = null;
  }

  /** The state, read where it is not known. */
  Versioned<S> state() {
    Versioned<S> known = state;
    if (known == null) {
      known = read();
      state = known;
    }
    return known;
  }

  private Versioned<S> read() {
    Versioned<S> from = unsettled.stored();
    Replay replay = new Replay(this::remember);
    Versioned<S> read = type.history().resume(aggregateId, from, replay);
    unsettled.loaded(read);
    if (isUnread) {
      isUnread = false;
      type.newcomers().met(read.version() == 0);
    }
    snapshots.loaded(from, read, replay);
    return read;
  }

  private void remember(RecordedEvent event) {
    // Where the disk counts: whoever stored it may have asked for less.
    unsettled.remember(event.commitId(), event.version(), !type.durability().onDisk());
  }

  /** What a commit that was decided on a state expects of the stream. */
  ExpectedVersion expectedAt(Versioned<S> at) {
    return unsettled.hasAppendsUnderWay()
        ? ExpectedVersion.following(at.version(), commit)
        : ExpectedVersion.exactly(at.version());
  }

  /** A commit that leads to a state is on its way. */
  void moveTo(Versioned<S> after, String commitId) {
    state = after;
    commit = commitId;
  }
}
