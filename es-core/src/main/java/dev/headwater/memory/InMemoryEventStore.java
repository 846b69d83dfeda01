package dev.headwater.memory;

import dev.headwater.event.NewEvent;
import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.CommitIdUsedException;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion.Any;
import dev.headwater.store.ExpectedVersion.Exactly;
import dev.headwater.store.ExpectedVersion.Following;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.Receipt;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.StoreWentBackException;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The whole contract of an event store in one file; read it to write another store. Nothing
 * survives the process.
 *
 * <p>Thread-safe: one lock guards everything, and subscriptions wait on it for news.
 */
public final class InMemoryEventStore implements EventStore, KeepSnapshots, DeliverToGroup {
  private final Map<StreamId, List<SequencedEvent>> streams = new HashMap<>();
  private final List<List<RecordedEvent>> logs;

  /** By partition and commit id, marked as duplicates. A store may forget the oldest. */
  private final List<Map<String, Receipt>> commits;

  private final InMemorySnapshots snapshots = new InMemorySnapshots(this);
  private final Map<String, InMemoryGroup> groups = new HashMap<>();
  private final long epoch = System.nanoTime();

  /** A store with 16 partitions. */
  public InMemoryEventStore() {
    this(16);
  }

  /** A store with a number of partitions from 1. */
  public InMemoryEventStore(int partitions) {
    logs =
        IntStream.range(0, partitions)
            .<List<RecordedEvent>>mapToObj(p -> new ArrayList<>())
            .toList();
    commits =
        IntStream.range(0, partitions)
            .<Map<String, Receipt>>mapToObj(p -> new HashMap<>())
            .toList();
  }

  @Override
  public synchronized CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    Receipt first = commits.get(partitionOf(commit.stream())).get(commit.id());
    if (first != null && !first.stream().equals(commit.stream())) {
      String usedFor = first.stream() + " at version " + first.lastVersion();
      return CompletableFuture.failedFuture(
          new CommitIdUsedException(commit.id(), commit.stream(), usedFor));
    }
    AppendResult result = first != null ? new Appended(first) : appendNew(commit);
    return CompletableFuture.completedFuture(
        result instanceof Appended(Receipt receipt) && !receipt.durability().isAtLeast(durability)
            ? new NotDurable(receipt, durability, "this store is in memory: use one on Redis")
            : result);
  }

  private AppendResult appendNew(Commit commit) {
    List<SequencedEvent> stream = streams.computeIfAbsent(commit.stream(), id -> new ArrayList<>());
    long actual = stream.size();
    long expected =
        switch (commit.expected()) {
          case Exactly exactly -> exactly.version();
          case Following following -> following.version();
          case Any any -> actual;
        };
    if (expected > actual) {
      return new StoreBehind(commit.stream(), expected, actual);
    }
    boolean otherHistory =
        commit.expected() instanceof Following following
            && !following.commitId().equals(stream.getLast().event().commitId());
    if (expected < actual || otherHistory) {
      return new Conflict(commit.stream(), expected, actual);
    }
    int partition = partitionOf(commit.stream());
    store(commit, stream);
    notifyAll();
    Position position = at(partition, stream.getLast().sequence());
    Receipt receipt = receipt(commit.stream(), expected + 1, stream.size(), position, false);
    commits
        .get(partition)
        .put(commit.id(), receipt(commit.stream(), expected + 1, stream.size(), position, true));
    return new Appended(receipt);
  }

  private static Receipt receipt(
      StreamId stream, long first, long last, Position position, boolean duplicate) {
    return new Receipt(stream, first, last, position, duplicate, Durability.memory());
  }

  @Override
  public synchronized Optional<Receipt> find(StreamId stream, String commitId) {
    return Optional.ofNullable(commits.get(partitionOf(stream)).get(commitId))
        .filter(receipt -> receipt.stream().equals(stream));
  }

  private void store(Commit commit, List<SequencedEvent> stream) {
    List<RecordedEvent> log = logs.get(partitionOf(commit.stream()));
    byte[] metadata = commit.metadata().toJson();
    for (NewEvent event : commit.events()) {
      RecordedEvent recorded =
          new RecordedEvent(
              commit.stream(),
              stream.size() + 1L,
              commit.id(),
              event.type(),
              metadata,
              event.data());
      log.add(recorded);
      stream.add(new SequencedEvent(log.size(), recorded));
    }
  }

  @Override
  public synchronized List<RecordedEvent> read(
      StreamId id, long from, Direction direction, int limit) {
    List<SequencedEvent> stream = streams.getOrDefault(id, List.of());
    int size = stream.size();
    List<SequencedEvent> found;
    if (direction == Direction.FORWARD) {
      int start = (int) Math.min(Math.max(from, 1) - 1, size);
      found = stream.subList(start, Math.min(size, start + limit));
    } else {
      int end = (int) Math.max(0, Math.min(from, size));
      found = stream.subList(Math.max(0, end - limit), end).reversed();
    }
    return found.stream().map(SequencedEvent::event).toList();
  }

  @Override
  public synchronized SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
    return snapshots.loadFromSnapshot(stream, schema);
  }

  @Override
  public synchronized boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
    return snapshots.saveSnapshot(stream, snapshot);
  }

  @Override
  public int partitionCount() {
    return logs.size();
  }

  @Override
  public int partitionOf(StreamId stream) {
    return Math.floorMod(stream.hashCode(), logs.size());
  }

  @Override
  public synchronized Position head(int partition) {
    return at(partition, logs.get(partition).size());
  }

  Position at(int partition, long sequence) {
    return new Position(partition, epoch, sequence, sequence + "-0");
  }

  /** The events of a partition behind a sequence, at most {@code limit}, whole commits only. */
  synchronized List<RecordedEvent> behind(int partition, long sequence, int limit) {
    List<RecordedEvent> log = logs.get(partition);
    int end = (int) Math.min(log.size(), sequence + limit);
    while (end < log.size() && log.get(end).commitId().equals(log.get(end - 1).commitId())) {
      end++;
    }
    return List.copyOf(log.subList((int) sequence, end));
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec) {
    return new InMemorySubscription(this, spec);
  }

  @Override
  public synchronized Deliveries deliver(DeliverySpec spec) {
    spec.from().forEach(from -> requireKnown(spec.group(), from));
    InMemoryGroup group = groups.computeIfAbsent(spec.group(), name -> new InMemoryGroup(this));
    group.join(spec.from());
    return new InMemoryDeliveries(this, group, spec);
  }

  @Override
  public synchronized void forget(String group) {
    groups.remove(group);
  }

  void requireKnown(String reader, Position seen) {
    Position head = head(seen.partition());
    if (seen.epoch() != head.epoch() || seen.sequence() > head.sequence()) {
      throw new StoreWentBackException(
          reader + " has seen " + seen + ", the store ends at " + head + "; rebuild it");
    }
  }

  @Override
  public void close() {}
}
