package dev.headwater.redis;

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
import dev.headwater.store.EventStoreException;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.Receipt;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The event store on Redis Streams; one for an application, shared by all its threads.
 *
 * <p>Appends are queued per partition and sent in batches; outcomes complete on a thread of the
 * Redis client, which must not be blocked.
 */
public final class RedisEventStore implements EventStore, KeepSnapshots, DeliverToGroup {
  private final RedisStoreOptions options;
  private final Connections connections;
  private final Reads reads;
  private final Keys keys;
  private final Epochs epochs;
  private final @Nullable Placement placement;
  private final EventTypes types = new EventTypes();
  private final StreamReader reader;
  private final CommitSearch commits;
  private final SnapshotCalls snapshots;
  private final @Nullable Appends appends;
  private final Set<RedisSubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final Set<RedisDeliveries> deliveries = ConcurrentHashMap.newKeySet();

  private RedisEventStore(RedisStoreOptions options, Connections connections) {
    this.options = options;
    this.connections = connections;
    this.reads = new Reads(options, connections);
    StoreLayout layout = new StoreLayout(options, reads);
    this.keys = new Keys(options.namespace(), layout.createOrCheck());
    this.epochs = layout.epochs(keys);
    this.placement = connections.placement(keys);
    this.commits = new CommitSearch(reads, keys, epochs);
    this.reader = new StreamReader(reads, keys, types);
    this.snapshots = new SnapshotCalls(reads, keys, types, reader);
    this.appends = options.readOnly() ? null : appends();
  }

  private Appends appends() {
    return new Appends(
        options,
        placement == null
            ? new SingleRoute(connections)
            : new ClusterRoutes(connections, placement),
        keys,
        epochs,
        commits,
        Script.load("append.lua"));
  }

  /**
   * Opens a store, and creates it where it doesn't exist yet. To open one that exists nothing is
   * written.
   *
   * @throws dev.headwater.store.StoreUnavailableException if Redis can't be reached or refuses
   * @throws dev.headwater.store.EventStoreException if what is stored there is not such a store, or
   *     one of a newer layout, or if the server may delete events by itself ({@link RedisDoctor})
   */
  public static RedisEventStore connect(RedisStoreOptions options) {
    Connections connections = Connections.to(options);
    try {
      if (!options.readOnly()) {
        RedisDoctor.check(options, connections);
      }
      return new RedisEventStore(options, connections);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    if (appends == null) {
      return CompletableFuture.failedFuture(
          openedForReading("commit " + commit.id() + " to " + commit.stream()));
    }
    return appends.append(commit, durability);
  }

  /** Among those that its partition keeps, see {@link RedisStoreOptions#commandWindow()}. */
  @Override
  public Optional<Receipt> find(StreamId stream, String commitId) {
    return commits.find(stream, commitId);
  }

  @Override
  public Durability durability() {
    return options.durability();
  }

  @Override
  public List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
    return reader.read(stream, from, direction, limit);
  }

  @Override
  public SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
    if (options.readOnly()) { // a script is not for everybody who may read
      return new SnapshotAndTail.FromStart(read(stream, 1, Direction.FORWARD, PAGE));
    }
    return snapshots.load(stream, schema);
  }

  @Override
  public boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
    if (options.readOnly()) {
      throw openedForReading("the snapshot of " + stream);
    }
    return snapshots.save(stream, snapshot);
  }

  private EventStoreException openedForReading(String what) {
    return new EventStoreException(
        what + " was not stored: " + options + " was opened for reading");
  }

  @Override
  public int partitionCount() {
    return keys.partitions();
  }

  /** CRC-32 (that of zlib) of the UTF-8 form of {@code <type>:<id>}, modulo the partitions. */
  @Override
  public int partitionOf(StreamId stream) {
    return keys.partitionOf(stream);
  }

  @Override
  public Position head(int partition) {
    return StoreLayout.head(reads, keys, epochs, partition);
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec) {
    RedisSubscription subscription =
        new RedisSubscription(
            spec, options, connections, placement, keys, epochs, types, subscriptions::remove);
    subscriptions.add(subscription);
    try {
      subscription.begin();
      return subscription;
    } catch (RuntimeException e) {
      subscription.close();
      throw e;
    }
  }

  /** By consumer groups on the partitions' logs; the user needs what an application needs. */
  @Override
  public Deliveries deliver(DeliverySpec spec) {
    if (options.readOnly()) {
      throw openedForReading("what group " + spec.group() + " has handled");
    }
    RedisDeliveries opened =
        new RedisDeliveries(
            spec,
            new GroupCalls(reads, keys, epochs, types, spec.group(), spec.member()),
            ring ->
                new NewsBell(
                    () -> new SubscriptionConnections(connections, placement, keys, types),
                    placement == null,
                    ring),
            deliveries::remove);
    opened.begin();
    deliveries.add(opened);
    return opened;
  }

  /** Removes the consumer groups of that name from the partitions' logs. */
  @Override
  public void forget(String group) {
    if (options.readOnly()) {
      throw openedForReading("the end of group " + group);
    }
    new GroupRemoval(reads, keys).remove(group);
  }

  @Override
  public void close() {
    deliveries.forEach(RedisDeliveries::close);
    if (appends != null) {
      appends.close();
    }
    subscriptions.forEach(RedisSubscription::close);
    reads.close();
    connections.close();
  }

  /** Where it is, without credentials. */
  @Override
  public String toString() {
    return options.toString();
  }
}
