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
  private static final long RETRY_MILLIS = 20;

  /**
   * How many events a page has at most; one of each partition is under way. Measured with 16
   * partitions: larger ones fill the heap and the server's buffers and are read at two thirds of
   * the speed, smaller ones leave the server waiting.
   */
  private static final int MAX_PAGE_EVENTS = 2_000;

  private enum Mode {
    START,
    RANGES,
    NEWS
  }

  private final SubscriptionSpec spec;
  private final RedisStoreOptions options;
  private final Connections opener;
  private final @Nullable Placement placement;
  private final Keys keys;
  private final Epochs epochs;
  private final EventTypes types;
  private final Consumer<RedisSubscription> onClose;
  private final Predicate<EventType> wanted;
  private final List<PartitionCursor> cursors;
  private final int pageEvents;
  private final ReadPatience patience;
  private final SubscribedGroup group;
  private final NewsReader news;

  private Mode mode = Mode.START;
  private int turn;
  private int endsInARow;
  private long troubleSince;
  private List<PartitionCursor> ranging;
  private volatile @Nullable SubscriptionConnections connections;
  private volatile boolean closed;

  RedisSubscription(
      SubscriptionSpec spec,
      RedisStoreOptions options,
      Connections opener,
      @Nullable Placement placement,
      Keys keys,
      Epochs epochs,
      EventTypes types,
      Consumer<RedisSubscription> onClose) {
    this.spec = spec;
    this.options = options;
    this.opener = opener;
    this.placement = placement;
    this.keys = keys;
    this.epochs = epochs;
    this.types = types;
    this.onClose = onClose;
    this.wanted = remembered(spec.wanted());
    this.cursors = spec.from().stream().map(PartitionCursor::new).toList();
    this.ranging = cursors;
    this.patience = new ReadPatience(options);
    this.group = new SubscribedGroup(spec.group(), cursors, patience);
    this.news =
        new NewsReader(
            spec, placement == null, options.readOnly(), patience, types, wanted, cursors);
    this.pageEvents = Math.clamp(2L * spec.maxEvents() / cursors.size(), 1, MAX_PAGE_EVENTS);
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
      while (batches.isEmpty() && !closed && advanceOrRetry(deadline)) {
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
   * Does one step towards more events; on a cluster whatever passes is tried again for as long as a
   * read may take.
   *
   * @return false if the time is over
   */
  private boolean advanceOrRetry(long deadline) throws InterruptedException, ExecutionException {
    try {
      boolean timeIsLeft = advance(deadline);
      troubleSince = mode == Mode.START ? troubleSince : 0;
      return timeIsLeft;
    } catch (ExecutionException | RuntimeException e) {
      if (!isPassing(Failure.unwrap(e))) {
        throw e;
      }
      mode = Mode.START;
      connect().lookAgain();
      Thread.sleep(RETRY_MILLIS);
      return System.nanoTime() < deadline;
    }
  }

  /** Nodes fail over, keys move, and connections to nodes are opened when they are needed. */
  private boolean isPassing(Throwable failure) {
    long now = System.nanoTime();
    troubleSince = troubleSince == 0 ? now : troubleSince;
    Failure kind = Failure.of(failure);
    return placement != null
        && !closed
        && !(failure instanceof EventStoreException)
        && (kind.isPassing() || kind == Failure.NO_GROUP)
        && now - troubleSince < patience.nanos();
  }

  /**
   * Does one step towards more events.
   *
   * @return false if the time is over
   */
  private boolean advance(long deadline) throws InterruptedException, ExecutionException {
    return switch (mode) {
      case START -> {
        start();
        yield true;
      }
      case RANGES -> readRanges(deadline);
      case NEWS -> readNews(deadline);
    };
  }

  /** Checks that the positions are part of the store's history, and sets the group to them. */
  void begin() {
    long deadline = System.nanoTime() + patience.nanos();
    try {
      while (mode == Mode.START && advanceOrRetry(deadline)) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while subscribing to " + options, e);
    } catch (ExecutionException | RuntimeException e) {
      throw failed(Failure.unwrap(e));
    }
  }

  private void start() throws InterruptedException, ExecutionException {
    cursors.forEach(PartitionCursor::rewind);
    SubscriptionConnections open = connect();
    verify(open);
    if (!options.readOnly()) {
      group.create(open);
    }
    readRangesFromNowOn(cursors);
  }

  private SubscriptionConnections connect() {
    SubscriptionConnections open = connections;
    if (open == null) {
      open = new SubscriptionConnections(opener, placement, keys, types);
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
              cursors.get(i).partition(), epochs, StoreLayout.texts(patience.await(heads.get(i))));
      cursors.get(i).verify(spec.group(), head, patience.await(entries.get(i)));
    }
  }

  private void readRangesFromNowOn(List<PartitionCursor> which) {
    mode = Mode.RANGES;
    ranging = which;
    endsInARow = 0;
    SubscriptionConnections open = connect();
    ranging.forEach(cursor -> cursor.fetchPage(open, types, wanted, pageEvents));
  }

  /** Takes over a page of each partition, while the next is being fetched. */
  private boolean readRanges(long deadline) throws InterruptedException, ExecutionException {
    SubscriptionConnections open = connect();
    for (int i = 0; i < ranging.size() && mode == Mode.RANGES; i++) {
      PartitionCursor cursor = ranging.get((turn + 1 + i) % ranging.size());
      cursor.fetchPage(open, types, wanted, pageEvents);
      long lateAt = cursor.pageAskedAt() + patience.nanos();
      EventFetch fetch = ReadPatience.awaitUntil(cursor.page(), Math.min(deadline, lateAt));
      if (fetch == null) {
        patience.requireTimeLeft(lateAt, "a read of partition " + cursor.partition());
        return false;
      }
      boolean end = cursor.takePage(fetch, wanted);
      endsInARow = end ? endsInARow + 1 : 0;
      if (endsInARow >= ranging.size()) {
        if (!options.readOnly()) {
          group.set(open);
        }
        mode = Mode.NEWS;
      } else if (!end) {
        cursor.fetchPage(open, types, wanted, pageEvents);
      }
    }
    return true;
  }

  private boolean readNews(long deadline) throws InterruptedException, ExecutionException {
    NewsReader.News read = news.read(connect(), deadline);
    if (read == null) {
      return false;
    }
    if (!read.isAll()) {
      readRangesFromNowOn(cursors);
    } else if (!read.fruitless().isEmpty()) {
      readRangesFromNowOn(read.fruitless());
    }
    return true;
  }

  /** Whatever happened, the next poll starts at what was delivered, on new connections. */
  private EventStoreException failed(Throwable failure) {
    mode = Mode.START;
    troubleSince = 0;
    disconnect();
    news.forget();
    if (failure instanceof EventStoreException already) {
      return already;
    }
    String message = options + " can't be read by " + spec.group() + ": " + failure.getMessage();
    if (Failure.of(failure) == Failure.REFUSED) {
      message += "; " + Failure.advice(message, options.namespace());
      message += " (to read without a consumer group, open it with forReading())";
    }
    return switch (Failure.of(failure)) {
      case NO_ANSWER, PASSING, MOVED, ASK, REFUSED, NO_GROUP ->
          new StoreUnavailableException(message, failure);
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
