package dev.headwater.aggregate;

import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Snapshots of an in-memory store, whose writing waits or fails as the test says. */
final class SteeredSnapshots implements KeepSnapshots {
  final InMemoryEventStore inner;
  final AtomicInteger arrived = new AtomicInteger();
  private final BlockingQueue<Snapshot> done = new LinkedBlockingQueue<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile @Nullable Error failure;

  SteeredSnapshots(InMemoryEventStore inner) {
    this.inner = inner;
  }

  /** From now on writing waits. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  /** What waits goes on, and nothing waits any more. */
  void flow() {
    gate.countDown();
  }

  /** From now on writing fails, or succeeds again. */
  void fail(@Nullable Error with) {
    failure = with;
  }

  /** The next snapshot that was written or failed to be. */
  Snapshot next() {
    try {
      return Objects.requireNonNull(done.poll(30, TimeUnit.SECONDS), "no snapshot is written");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  boolean noneIsDone() {
    return done.isEmpty();
  }

  @Override
  public SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
    return inner.loadFromSnapshot(stream, schema);
  }

  @Override
  public boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
    arrived.incrementAndGet();
    try {
      gate.await();
      Error with = failure;
      if (with != null) {
        throw with;
      }
      return inner.saveSnapshot(stream, snapshot);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      done.add(snapshot);
    }
  }
}
