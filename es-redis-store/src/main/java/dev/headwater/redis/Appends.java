package dev.headwater.redis;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.CommitIdUsedException;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.OverloadedException;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Hands commits to the appenders of their partitions, and outcomes to whoever waits for them. */
final class Appends implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  /**
   * How many rounds of calls may be under way: one that the server works on, and one that is being
   * made ready. The others' commits gather meanwhile, into fewer and larger calls.
   */
  private static final int MAX_ROUNDS = 2;

  /**
   * Partitions whose calls go out together. With 64 writers and a server that forces each round to
   * disk, four a round store 1.3 times as much as calls that go out one by one; more of them make
   * smaller calls, which cost a server that does not wait for its disk more than they save.
   */
  private static final int MAX_CALLS = 4;

  final AppendRoutes routes;
  final Barriers barriers;
  private final RedisStoreOptions options;
  private final Keys keys;
  private final Epochs epochs;
  private final CommitSearch search;
  private final Script script;
  private final List<PartitionAppender> partitions = new ArrayList<>();
  private final ScheduledExecutorService timer;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Queue<PartitionAppender> ready = new ConcurrentLinkedQueue<>();
  private final Semaphore rounds = new Semaphore(MAX_ROUNDS);
  private volatile boolean closed;

  /** How far each partition had come when this store heard of it last. */
  private final AtomicLongArray sequences;

  Appends(
      RedisStoreOptions options,
      AppendRoutes routes,
      Keys keys,
      Epochs epochs,
      CommitSearch search,
      Script script) {
    this.script = script;
    this.options = options;
    this.keys = keys;
    this.epochs = epochs;
    this.search = search;
    this.routes = routes;
    this.sequences = epochs.sequences();
    this.barriers = new Barriers(options, this);
    for (int p = 0; p < keys.partitions(); p++) {
      partitions.add(new PartitionAppender(this, p));
    }
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("headwater-append-timer").factory());
    var unused =
        timer.scheduleWithFixedDelay(
            () -> partitions.forEach(PartitionAppender::tick),
            TICK_MILLIS,
            TICK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Sends the partition's next batch as soon as not too many calls are under way. */
  void schedule(PartitionAppender partition) {
    ready(partition);
    drain();
  }

  void ready(PartitionAppender partition) {
    ready.add(partition);
  }

  /** Gives their turn to those that wait for it, the longest waiting first. */
  void drain() {
    while (!ready.isEmpty() && rounds.tryAcquire()) {
      CallRound round = new CallRound(rounds::release);
      for (int i = 0; i < MAX_CALLS; i++) {
        PartitionAppender next = ready.poll();
        if (next == null) {
          break;
        }
        next.sendNext(round);
      }
      round.send();
    }
  }

  CompletableFuture<AppendResult> append(Commit commit, Durability asked) {
    byte[] name = Keys.name(commit.stream());
    int partition = keys.partitionOf(name);
    PendingCommit pending =
        new PendingCommit(commit, asked, keys.stream(partition, name), sequences.get(partition));
    long queued = queuedBytes.addAndGet(pending.bytes);
    if (!closed && queued > options.maxQueuedBytes() && queued > pending.bytes) {
      settle(pending, queueFull(queued - pending.bytes));
    } else if (closed || !partitions.get(partition).append(pending)) {
      settle(pending, new StoreUnavailableException(options + " is closed", null));
    }
    return pending.outcome;
  }

  private OverloadedException queueFull(long queued) {
    return new OverloadedException(
        queued
            + " bytes already wait to be appended to "
            + options
            + ", and "
            + options.maxQueuedBytes()
            + " may: append again when some of it is stored, or raise maxQueuedBytes of"
            + " RedisStoreOptions");
  }

  CommandArgs<byte[], byte[]> arguments(AppendBatch batch, CommandType command, int partition) {
    byte[] which = command == CommandType.EVAL ? script.body() : script.sha();
    return batch.arguments(which, keys, partition, epochs.text(partition));
  }

  byte[] head(int partition) {
    return keys.head(partition);
  }

  void complete(int partition, AppendBatch batch, AppendReply reply, Proof proof) {
    for (int i = 0; i < batch.commits.size(); i++) {
      PendingCommit pending = batch.commits.get(i);
      Commit commit = pending.commit;
      long version = reply.version(i);
      switch (reply.outcome(i)) {
        case AppendReply.STORED ->
            settle(
                pending,
                stored(
                    pending,
                    version,
                    commit.events().size(),
                    new Position(partition, epochs.of(partition), reply.sequence(i), reply.text(i)),
                    false,
                    proof));
        case AppendReply.STORED_BEFORE -> storedBefore(partition, pending, reply, i, proof);
        case AppendReply.USED_ELSEWHERE ->
            settle(
                pending,
                new CommitIdUsedException(
                    commit.id(), commit.stream(), reply.text(i) + " at version " + version));
        case AppendReply.NOT_PROVABLE ->
            proveOrGiveUp(partition, batch, pending, reply.sequence(i));
        case AppendReply.OTHER_VERSION -> settle(pending, otherVersion(pending, version));
        default -> settle(pending, keyRefused(commit, reply.text(i)));
      }
      sequences.accumulateAndGet(partition, reply.sequence(i), Math::max);
    }
  }

  private void storedBefore(
      int partition, PendingCommit pending, AppendReply reply, int i, Proof proof) {
    String where = reply.text(i);
    if (where.isEmpty()) {
      findPosition(pending, reply.version(i), proof);
      return;
    }
    int space = where.indexOf(' ');
    Position position =
        new Position(partition, epochs.of(partition), reply.sequence(i), where.substring(0, space));
    int events = Integer.parseInt(where, space + 1, where.length(), 10);
    settle(pending, stored(pending, reply.version(i), events, position, true, proof));
  }

  /**
   * A commit that expects any version, on its way while more was stored than ids are kept. If all
   * of its attempts are answered it is not stored; then it is sent as if for the first time.
   */
  private void proveOrGiveUp(
      int partition, AppendBatch batch, PendingCommit pending, long sequence) {
    if (batch.maybeExecuted) {
      String reason = "more was stored meanwhile than " + options + " keeps command ids for";
      settle(
          pending,
          new AppendOutcomeUnknownException(
              pending.commit.id(), pending.commit.stream(), reason, null));
      return;
    }
    pending.knownSequence = sequence;
    if (!partitions.get(partition).append(pending)) {
      settle(pending, new StoreUnavailableException(options + " is closed", null));
    }
  }

  private static AppendResult stored(
      PendingCommit pending,
      long lastVersion,
      int events,
      Position position,
      boolean duplicate,
      Proof proof) {
    StreamId stream = pending.commit.stream();
    long first = lastVersion - events + 1;
    Receipt receipt = new Receipt(stream, first, lastVersion, position, duplicate, proof.reached());
    return proof.reached().isAtLeast(pending.asked)
        ? new Appended(receipt)
        : new NotDurable(receipt, pending.asked, proof.reason());
  }

  private static AppendResult otherVersion(PendingCommit pending, long actual) {
    long expected = pending.expected();
    return actual >= expected
        ? new Conflict(pending.commit.stream(), expected, actual)
        : new StoreBehind(pending.commit.stream(), expected, actual);
  }

  private EventStoreException keyRefused(Commit commit, String error) {
    return new EventStoreException(
        "commit "
            + commit.id()
            + " was not stored: the key of stream "
            + commit.stream()
            + " in "
            + options
            + " can't be written ("
            + error
            + "); something else than this store wrote to it");
  }

  /** Rare, and it blocks: not on the thread that completes appends. */
  private void findPosition(PendingCommit pending, long version, Proof proof) {
    Thread.ofVirtual()
        .name("headwater-find-position")
        .start(
            () -> {
              try {
                Receipt found = search.find(pending.commit.stream(), pending.commit.id(), version);
                int events = Math.toIntExact(found.lastVersion() - found.firstVersion() + 1);
                settle(
                    pending,
                    stored(pending, found.lastVersion(), events, found.position(), true, proof));
              } catch (StoreUnavailableException e) {
                settle(pending, unknown(pending, e));
              } catch (RuntimeException e) {
                settle(pending, e);
              }
            });
  }

  /** Trying again wouldn't help. */
  void fail(int partition, AppendBatch batch, Throwable cause) {
    boolean maybeStored = batch.maybeExecuted || Failure.of(cause) == Failure.BROKEN_OFF;
    for (PendingCommit pending : batch.commits) {
      settle(pending, maybeStored ? unknown(pending, cause) : refusal(partition, pending, cause));
    }
  }

  private EventStoreException refusal(int partition, PendingCommit pending, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String what =
        "commit " + pending.commit.id() + " to " + pending.commit.stream() + " was not stored: ";
    return switch (Failure.of(cause)) {
      case REFUSED ->
          new StoreUnavailableException(
              what
                  + options
                  + " refuses ("
                  + message
                  + "); "
                  + Failure.advice(message, options.namespace()),
              cause);
      case WRONG_EPOCH ->
          new StoreWentBackException(
              what
                  + "partition "
                  + partition
                  + " of "
                  + options
                  + " has another history than when it was opened ("
                  + message
                  + "); it was emptied or replaced: find out why, then open it again");
      case WRONG_TYPE ->
          new EventStoreException(
              what
                  + "the log or head of partition "
                  + partition
                  + " of "
                  + options
                  + " holds something else ("
                  + message
                  + "); something else than this store wrote to it",
              cause);
      default -> new EventStoreException(what + options + " answered: " + message, cause);
    };
  }

  /** The time of a batch is over. */
  void giveUp(AppendBatch batch, Throwable cause) {
    for (PendingCommit pending : batch.commits) {
      settle(pending, batch.maybeExecuted ? unknown(pending, cause) : neverSent(pending, cause));
    }
  }

  /** The time of a commit is over that was never sent. */
  void expire(PendingCommit pending) {
    settle(pending, neverSent(pending, new StoreUnavailableException("no answer", null)));
  }

  private AppendOutcomeUnknownException unknown(PendingCommit pending, Throwable cause) {
    return new AppendOutcomeUnknownException(
        pending.commit.id(),
        pending.commit.stream(),
        options + " did not answer (" + cause.getMessage() + ")",
        cause);
  }

  private StoreUnavailableException neverSent(PendingCommit pending, Throwable cause) {
    return new StoreUnavailableException(
        "commit "
            + pending.commit.id()
            + " to "
            + pending.commit.stream()
            + " was not stored: "
            + options
            + " is not available ("
            + cause.getMessage()
            + ")",
        cause);
  }

  private void settle(PendingCommit pending, AppendResult result) {
    queuedBytes.addAndGet(-pending.bytes);
    pending.outcome.complete(result);
  }

  void settle(PendingCommit pending, RuntimeException failure) {
    queuedBytes.addAndGet(-pending.bytes);
    pending.outcome.completeExceptionally(failure);
  }

  boolean isClosed() {
    return closed;
  }

  boolean isOver(long since) {
    return System.nanoTime() - since > options.appendDeadline().toNanos();
  }

  boolean isReplyLate(AppendBatch batch, StatefulRedisConnection<byte[], byte[]> sentOn) {
    long patience = options.replyTimeout().toNanos();
    if (batch.asked.onDisk() || barriers.isUnderWay(sentOn)) {
      patience += Barrier.longest(options).toNanos();
    }
    return System.nanoTime() - batch.attemptSince > patience;
  }

  void later(long millis, Runnable action) {
    try {
      var unused = timer.schedule(action, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // closed: the batch is abandoned by close()
    }
  }

  /** Lets what is under way finish for as long as a reply may take, and fails the rest. */
  @Override
  public void close() {
    closed = true;
    long deadline = System.nanoTime() + options.replyTimeout().toNanos();
    while (System.nanoTime() < deadline
        && !partitions.stream().allMatch(PartitionAppender::isIdle)
        && pause()) {}
    timer.shutdownNow();
    partitions.forEach(partition -> partition.abandon(options + " was closed"));
    routes.close();
  }

  private static boolean pause() {
    try {
      Thread.sleep(1);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
