package dev.headwater.redis;

import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hands commits to the appenders of their partitions, and holds what these have in common: {@link
 * Turns}, {@link AppendOutcomes}, {@link Barriers}, routes, time. Thread-safe.
 */
final class Appends implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  final AppendRoutes routes;
  final Barriers barriers;
  final Turns turns = new Turns();
  final AppendOutcomes outcomes;
  private final RedisStoreOptions options;
  private final Keys keys;
  private final Epochs epochs;
  private final Script script;
  private final List<PartitionAppender> partitions = new ArrayList<>();
  private final ScheduledExecutorService timer;
  private volatile boolean closed;

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
    this.routes = routes;
    this.barriers = new Barriers(options, turns);
    this.outcomes =
        new AppendOutcomes(
            options,
            epochs,
            search,
            (partition, pending) -> partitions.get(partition).append(pending));
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

  CompletableFuture<AppendResult> append(Commit commit, Durability asked) {
    byte[] name = Keys.name(commit.stream());
    int partition = keys.partitionOf(name);
    PendingCommit pending =
        new PendingCommit(
            commit, asked, keys.stream(partition, name), outcomes.knownSequence(partition));
    if (outcomes.admit(pending) && (closed || !partitions.get(partition).append(pending))) {
      outcomes.closed(pending);
    }
    return pending.outcome;
  }

  CommandArgs<byte[], byte[]> arguments(AppendBatch batch, CommandType command, int partition) {
    byte[] which = command == CommandType.EVAL ? script.body() : script.sha();
    return batch.arguments(which, keys, partition, epochs.text(partition));
  }

  byte[] head(int partition) {
    return keys.head(partition);
  }

  /** Whether it is too late to try what waits since then again. */
  boolean isOver(long since) {
    return closed || isExpired(since);
  }

  /** Whether what waits since then has waited for as long as an append may take. */
  boolean isExpired(long since) {
    return System.nanoTime() - since > options.appendDeadline().toNanos();
  }

  /** Whether the answer to a call is missing for longer than it may take. */
  boolean isLate(long since, Durability asked, StatefulRedisConnection<byte[], byte[]> sentOn) {
    long patience = options.replyTimeout().toNanos();
    if (asked.onDisk() || barriers.isUnderWay(sentOn)) {
      patience += Barrier.longest(options).toNanos();
    }
    return System.nanoTime() - since > patience;
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
