package dev.headwater.aggregate;

import dev.headwater.event.StreamId;
import dev.headwater.store.Snapshot;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the snapshots of a runtime on virtual threads of their own: no command waits for one or
 * sees it fail. Thread-safe.
 */
final class SnapshotWriter<S> {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

  /** Encoded states are held in memory until they are stored. */
  private static final int MAX_UNDER_WAY = 16;

  private final String type;
  private final @Nullable Snapshots<S> snapshots;
  private final ReplayCost cost = new ReplayCost();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Semaphore permits = new Semaphore(MAX_UNDER_WAY);
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * For aggregates of a type.
   *
   * @param snapshots null where there are to be none
   */
  SnapshotWriter(String type, @Nullable Snapshots<S> snapshots) {
    this.type = type;
    this.snapshots = snapshots;
  }

  boolean isOn() {
    return snapshots != null;
  }

  void measured(Replay replay) {
    cost.measured(replay.events(), replay.nanos());
  }

  /** Whether an aggregate with so many events behind its latest snapshot is worth a new one. */
  boolean isDue(long events) {
    if (snapshots == null || events < 1) {
      return false;
    }
    try {
      return snapshots.policy().isDue(events, cost.nanosFor(events));
    } catch (RuntimeException e) {
      failed("no snapshot of " + type + " is written: its policy failed", e);
      return false;
    }
  }

  /**
   * Has a state written that is stored up to this version.
   *
   * @return false if the aggregate's last one is still being written, or too many others are
   */
  boolean offer(String aggregateId, Versioned<S> state, String commitId) {
    if (snapshots == null || !underWay.add(aggregateId)) {
      return false;
    }
    if (!permits.tryAcquire()) {
      underWay.remove(aggregateId);
      return false;
    }
    Snapshots<S> to = snapshots;
    Thread.startVirtualThread(
        () -> {
          try {
            write(to, new StreamId(type, aggregateId), state, commitId);
          } finally {
            underWay.remove(aggregateId);
            permits.release();
          }
        });
    return true;
  }

  private void write(Snapshots<S> to, StreamId stream, Versioned<S> state, String commitId) {
    try {
      byte[] encoded = to.codec().encode(state.state());
      boolean unused =
          to.store()
              .saveSnapshot(
                  stream, new Snapshot(state.version(), commitId, to.codec().schema(), encoded));
      if (failing.compareAndSet(true, false)) {
        LOG.info("snapshots of {} are written again", type);
      }
    } catch (Throwable e) { // a state that can't be encoded may end in any of them
      failed(
          "the snapshot of " + stream + " at version " + state.version() + " was not written", e);
    }
  }

  private void failed(String what, Throwable failure) {
    if (failing.compareAndSet(false, true)) {
      LOG.warn(
          "{}: {}. Commands are not affected, loading takes longer; further failures are not logged"
              + " until a snapshot is written",
          what,
          failure.toString());
    }
  }
}
