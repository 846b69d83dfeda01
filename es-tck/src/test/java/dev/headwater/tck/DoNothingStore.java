package dev.headwater.tck;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion.Exactly;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Receipt;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Says yes to everything and keeps nothing. */
final class DoNothingStore implements EventStore, KeepSnapshots, DeliverToGroup {
  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    long first = commit.expected() instanceof Exactly exactly ? exactly.version() + 1 : 1;
    long last = first + commit.events().size() - 1;
    return CompletableFuture.completedFuture(
        new Appended(new Receipt(commit.stream(), first, last, head(0), false, durability)));
  }

  @Override
  public Optional<Receipt> find(StreamId stream, String commitId) {
    return Optional.empty();
  }

  @Override
  public List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
    return List.of();
  }

  @Override
  public SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
    return new SnapshotAndTail.FromStart(List.of());
  }

  @Override
  public boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
    return true;
  }

  @Override
  public int partitionCount() {
    return 16;
  }

  @Override
  public int partitionOf(StreamId stream) {
    return 0;
  }

  @Override
  public Position head(int partition) {
    return Position.start(partition, 1);
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec) {
    return new Subscription() {
      @Override
      public List<PartitionBatch> poll(Duration maxWait) {
        return List.of();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void forget(String group) {}

  @Override
  public Deliveries deliver(DeliverySpec spec) {
    return new Deliveries() {
      @Override
      public List<Delivered> poll(Duration maxWait) {
        return List.of();
      }

      @Override
      public void acknowledge(Collection<Delivered> handled) {}

      @Override
      public boolean holds(Delivered delivered) {
        return true;
      }

      @Override
      public List<Position> acknowledged() {
        return List.of();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
