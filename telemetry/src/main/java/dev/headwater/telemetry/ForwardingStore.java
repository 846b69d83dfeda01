package dev.headwater.telemetry;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.Receipt;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Hands every call to another store; what is put around a store changes single ones. */
abstract class ForwardingStore implements EventStore {
  private final EventStore store;

  ForwardingStore(EventStore store) {
    this.store = store;
  }

  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    return store.append(commit, durability);
  }

  @Override
  public final Durability durability() {
    return store.durability();
  }

  @Override
  public final Optional<Receipt> find(StreamId stream, String commitId) {
    return store.find(stream, commitId);
  }

  @Override
  public final List<RecordedEvent> read(
      StreamId stream, long from, Direction direction, int limit) {
    return store.read(stream, from, direction, limit);
  }

  @Override
  public final int partitionCount() {
    return store.partitionCount();
  }

  @Override
  public final int partitionOf(StreamId stream) {
    return store.partitionOf(stream);
  }

  @Override
  public final Position head(int partition) {
    return store.head(partition);
  }

  @Override
  public final Subscription subscribe(SubscriptionSpec spec) {
    return store.subscribe(spec);
  }

  @Override
  public final void forget(String group) {
    store.forget(group);
  }

  @Override
  public final void close() {
    store.close();
  }

  /** The store that the calls go to. */
  @Override
  public final String toString() {
    return store.toString();
  }
}
