package dev.headwater.redis.testing;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.Receipt;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One store through two users: one appends, everything else is done by the other. */
public record TwoUsersStore<
        A extends EventStore & KeepSnapshots, R extends EventStore & DeliverToGroup>(
    A appending, R reading) implements EventStore, KeepSnapshots, DeliverToGroup {
  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    return appending.append(commit, durability);
  }

  @Override
  public List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
    return reading.read(stream, from, direction, limit);
  }

  @Override
  public Optional<Receipt> find(StreamId stream, String commitId) {
    return reading.find(stream, commitId);
  }

  @Override
  public SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
    return appending.loadFromSnapshot(stream, schema);
  }

  @Override
  public boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
    return appending.saveSnapshot(stream, snapshot);
  }

  @Override
  public int partitionCount() {
    return reading.partitionCount();
  }

  @Override
  public int partitionOf(StreamId stream) {
    return reading.partitionOf(stream);
  }

  @Override
  public Position head(int partition) {
    return reading.head(partition);
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec) {
    return reading.subscribe(spec);
  }

  @Override
  public void forget(String group) {
    appending.forget(group); // who drops a version is an operator of the application
  }

  @Override
  public Deliveries deliver(DeliverySpec spec) {
    return reading.deliver(spec);
  }

  @Override
  public void close() {
    reading.close();
    appending.close();
  }
}
