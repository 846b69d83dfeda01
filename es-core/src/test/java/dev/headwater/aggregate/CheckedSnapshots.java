package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.codec.StateCodec;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Snapshots of an in-memory store, of which every one that was ever written can be checked. */
final class CheckedSnapshots implements KeepSnapshots {
  static final StateCodec<Account> CODEC = StateCodec.json("Account", 1, Account.class);

  private final InMemoryEventStore store;
  private final Queue<Written> written = new ConcurrentLinkedQueue<>();
  private final AtomicInteger used = new AtomicInteger();

  private record Written(StreamId stream, Snapshot snapshot) {}

  CheckedSnapshots(InMemoryEventStore store) {
    this.store = store;
  }

  @Override
  public SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
    SnapshotAndTail found = store.loadFromSnapshot(stream, schema);
    if (found instanceof FromSnapshot) {
      used.incrementAndGet();
    }
    return found;
  }

  @Override
  public boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
    written.add(new Written(stream, snapshot));
    return store.saveSnapshot(stream, snapshot);
  }

  /** Each is the state that the events up to its version lead to; some were written and used. */
  void check() {
    AggregateHistory<Account, Event> events =
        new AggregateHistory<>("Account", new Accounts(), Event.class, Accounts.CODEC, store);
    assertThat(written).isNotEmpty();
    assertThat(used.get()).isPositive();
    for (Written one : written) {
      Account state = CODEC.decode(one.snapshot().state());
      assertThat(new Versioned<>(one.snapshot().version(), state))
          .isEqualTo(events.atVersion(one.stream().id(), one.snapshot().version()));
    }
  }
}
