package dev.headwater.redis;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partition logs by range until all ends are reached, then waits for news as a member of
 * the consumer group, and reads by range again when too many come at once.
 *
 * <p>The group's own memory is not trusted: it is set to what was fetched before the first wait, a
 * gap behind it (somebody else read in the group's name) leads back to the ranges, and so does
 * every wait that brought nothing. After an error everything starts at what was delivered. A store
 * that only reads has no groups: it waits for what is behind the last entry that was fetched.
 */
final class RedisSubscription implements Subscription {
  /** How long one wait at the server lasts; after a fruitless one the ranges are looked at. */
  private static final long BLOCK_MILLIS = 2_000;

  /** More news of one partition than that means being behind. */
  private static final int NEWS = 256;

  private enum Mode {
    START,
    RANGES,
    NEWS
  }

  private final SubscriptionSpec spec;
  private final RedisStoreOptions options;
  private final Connections opener;
  private final Keys keys;
  private final Epochs epochs;
  private final EventTypes types;
  private final Consumer<RedisSubscription> onClose;
  private final Predicate<EventType> wanted;
  private final List<PartitionCursor> cursors;
  private final int pageEvents;

  private Mode mode = Mode.START;
  private int turn;
  private int endsInARow;
  private long newsLateAt;
  private @Nullable CompletableFuture<Map<String, List<LogEntry>>> news;
  private volatile @Nullable SubscriptionConnections connections;
  private volatile boolean closed;

  RedisSubscription(
      SubscriptionSpec spec,
      RedisStoreOptions options,
      Connections opener,
      Keys keys,
      Epochs epochs,
      EventTypes types,
      Consumer<RedisSubscription> onClose) {
    this.spec = spec;
    this.options = options;
    this.opener = opener;
    this.keys = keys;
    this.epochs = epochs;
    this.types = types;
    this.onClose = onClose;
    this.wanted = remembered(spec.wanted());
    this.cursors = spec.from().stream().map(PartitionCursor::new).toList();
    this.pageEvents =
        (int) Math.max(1, Math.min(spec.maxEvents(), 2L * spec.maxEvents() / cursors.size()));
  }

  private static Predicate<EventType> remembered(Predicate<EventType> wanted) {
    Map<EventType, Boolean> known = new ConcurrentHashMap<>();
    return type -> known.computeIfAbsent(type, wanted::test);
  }

  @Override
  public List<PartitionBatch> poll(Duration maxWait) {
    long deadline = System.nanoTime() + maxWait.toNanos();
    try {
      List<PartitionBatch> batches = deliver();
      while (batches.isEmpty() && !closed && advance(deadline)) {
        batches = deliver();
      }
      return batches;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException | RuntimeException e) {
      if (closed) {
        return List.of();
      }
      throw failed(Failure.unwrap(e));
    }
  }

  private List<PartitionBatch> deliver() {
    List<PartitionBatch> batches = new ArrayList<>();
    int room = spec.maxEvents();
    for (int i = 0; i < cursors.size() && room > 0; i++) {
      turn = (turn + 1) % cursors.size();
      if (cursors.get(turn).hasReady()) {
        PartitionBatch batch = cursors.get(turn).deliver(room);
        batches.add(batch);
        room -= batch.events().size();
      }
    }
    return batches;
  }

  /**
   * Does one step towards more events.
   *
   * @return false if the time is over
   */
  private boolean advance(long deadline) throws InterruptedException, ExecutionException {
    return switch (mode) {
      case START -> {
        begin();
        yield true;
      }
      case RANGES -> readRanges(deadline);
      case NEWS -> readNews(deadline);
    };
  }

  /** Checks that the positions are part of the store's history, and sets the group to them. */
  void begin() {
    try {
      cursors.forEach(PartitionCursor::rewind);
      news = null;
      SubscriptionConnections open = connect();
      verify(open);
      if (!options.readOnly()) {
        createGroups(open);
      }
      readRangesFromNowOn();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while subscribing to " + options, e);
    } catch (ExecutionException | RuntimeException e) {
      throw failed(Failure.unwrap(e));
    }
  }

  private SubscriptionConnections connect() {
    SubscriptionConnections open = connections;
    if (open == null) {
      open = new SubscriptionConnections(opener, keys, types);
      connections = open;
      if (closed) {
        open.close();
      }
    }
    return open;
  }

  private void verify(SubscriptionConnections open)
      throws InterruptedException, ExecutionException {
    List<CompletableFuture<List<byte[]>>> heads = new ArrayList<>();
    List<CompletableFuture<List<LogEntry>>> entries = new ArrayList<>();
    for (PartitionCursor cursor : cursors) {
      heads.add(open.head(cursor.partition()));
      entries.add(open.log(cursor.partition(), cursor.delivered().logId(), true, 1));
    }
    open.flush();
    for (int i = 0; i < cursors.size(); i++) {
      Position head =
          StoreLayout.position(
              cursors.get(i).partition(), epochs, StoreLayout.texts(await(heads.get(i))));
      cursors.get(i).verify(spec.group(), head, await(entries.get(i)));
    }
  }

  private void createGroups(SubscriptionConnections open)
      throws InterruptedException, ExecutionException {
    List<CompletableFuture<String>> created = new ArrayList<>();
    for (PartitionCursor cursor : cursors) {
      created.add(open.createGroup(cursor.partition(), spec.group(), cursor.fetchedId()));
    }
    open.flush();
    for (int i = 0; i < cursors.size(); i++) {
      try {
        await(created.get(i));
        cursors.get(i).groupIsAt(cursors.get(i).fetchedId());
      } catch (ExecutionException e) {
        if (!String.valueOf(Failure.unwrap(e).getMessage()).contains("BUSYGROUP")) {
          throw e;
        }
      }
    }
    setGroups(open);
  }

  private void setGroups(SubscriptionConnections open)
      throws InterruptedException, ExecutionException {
    List<CompletableFuture<String>> set = new ArrayList<>();
    for (PartitionCursor cursor : cursors) {
      if (!cursor.group().equals(cursor.fetchedId())) {
        set.add(open.setGroup(cursor.partition(), spec.group(), cursor.fetchedId()));
        cursor.groupIsAt(cursor.fetchedId());
      }
    }
    open.flush();
    for (CompletableFuture<String> done : set) {
      await(done);
    }
  }

  private void readRangesFromNowOn() {
    mode = Mode.RANGES;
    endsInARow = 0;
    SubscriptionConnections open = connect();
    cursors.forEach(cursor -> cursor.fetchPage(open, types, wanted, pageEvents));
  }

  /** Takes over a page of each partition, while the next is being fetched. */
  private boolean readRanges(long deadline) throws InterruptedException, ExecutionException {
    SubscriptionConnections open = connect();
    for (int i = 0; i < cursors.size() && mode == Mode.RANGES; i++) {
      PartitionCursor cursor = cursors.get((turn + 1 + i) % cursors.size());
      cursor.fetchPage(open, types, wanted, pageEvents);
      long lateAt = cursor.pageAskedAt() + options.readTimeout().toNanos();
      EventFetch fetch = awaitUntil(cursor.page(), Math.min(deadline, lateAt));
      if (fetch == null) {
        return notYet(lateAt, "a read of partition " + cursor.partition());
      }
      boolean end = cursor.takePage(fetch.deliveries(wanted));
      endsInARow = end ? endsInARow + 1 : 0;
      if (endsInARow >= cursors.size()) {
        if (!options.readOnly()) {
          setGroups(open);
        }
        mode = Mode.NEWS;
      } else if (!end) {
        cursor.fetchPage(open, types, wanted, pageEvents);
      }
    }
    return true;
  }

  private boolean readNews(long deadline) throws InterruptedException, ExecutionException {
    SubscriptionConnections open = connect();
    CompletableFuture<Map<String, List<LogEntry>>> reading = news;
    if (reading == null) {
      reading =
          options.readOnly()
              ? open.newsWithoutGroup(cursors, NEWS, BLOCK_MILLIS)
              : open.news(spec.group(), spec.consumer(), cursors, NEWS, BLOCK_MILLIS);
      news = reading;
      newsLateAt = System.nanoTime() + options.readTimeout().toNanos() + BLOCK_MILLIS * 1_000_000;
    }
    Map<String, List<LogEntry>> arrived = awaitUntil(reading, Math.min(deadline, newsLateAt));
    if (arrived == null) {
      return notYet(newsLateAt, "a blocking read");
    }
    news = null;
    if (arrived.isEmpty() || !takeNews(open, arrived)) {
      readRangesFromNowOn();
    }
    return true;
  }

  /** Tells that the time of a poll is over, unless it is that of the server. */
  private boolean notYet(long lateAt, String what) {
    if (System.nanoTime() >= lateAt) {
      throw new StoreUnavailableException(options + " did not answer " + what, null);
    }
    return false;
  }

  /** Whether the news followed on what was there, and were not too many. */
  private boolean takeNews(SubscriptionConnections open, Map<String, List<LogEntry>> arrived)
      throws InterruptedException, ExecutionException {
    List<PartitionCursor> fetching = new ArrayList<>();
    List<CompletableFuture<EventFetch>> fetches = new ArrayList<>();
    boolean few = true;
    for (PartitionCursor cursor : cursors) {
      List<LogEntry> entries = arrived.get(open.logKey(cursor.partition()));
      if (entries != null) {
        fetching.add(cursor);
        fetches.add(EventFetch.plan(entries, types, wanted).send(open, cursor.partition()));
        few &= entries.size() < NEWS;
      }
    }
    boolean complete = true;
    for (int i = 0; i < fetching.size(); i++) {
      PartitionCursor cursor = fetching.get(i);
      complete &= cursor.take(await(fetches.get(i)).deliveries(wanted));
      cursor.groupIsAt(cursor.fetchedId());
    }
    return complete && few;
  }

  /** Waits for as long as a read may take. */
  private <T> T await(CompletableFuture<T> reply) throws InterruptedException, ExecutionException {
    try {
      return reply.get(options.readTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new StoreUnavailableException(
          options + " did not answer within " + options.readTimeout().toMillis() + " ms", e);
    }
  }

  private static <T> @Nullable T awaitUntil(@Nullable CompletableFuture<T> reply, long deadline)
      throws InterruptedException, ExecutionException {
    if (reply == null) {
      return null;
    }
    try {
      return reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    }
  }

  /** Whatever happened, the next poll starts at what was delivered, on new connections. */
  private EventStoreException failed(Throwable failure) {
    mode = Mode.START;
    disconnect();
    if (failure instanceof EventStoreException already) {
      return already;
    }
    String message = options + " can't be read by " + spec.group() + ": " + failure.getMessage();
    if (Failure.of(failure) == Failure.REFUSED) {
      message += "; " + Failure.advice(message);
      message += " (to read without a consumer group, open it with forReading())";
    }
    return switch (Failure.of(failure)) {
      case NO_ANSWER, PASSING, REFUSED, NO_GROUP -> new StoreUnavailableException(message, failure);
      default -> new EventStoreException(message, failure);
    };
  }

  private void disconnect() {
    SubscriptionConnections open = connections;
    connections = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    disconnect();
    onClose.accept(this);
  }
}
