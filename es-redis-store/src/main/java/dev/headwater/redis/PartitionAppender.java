package dev.headwater.redis;

import dev.headwater.store.StoreUnavailableException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one partition with one call in flight. What arrives meanwhile waits and goes out as
 * one batch when the call is answered: that bound makes the batches, and it keeps the order. An
 * idle partition sends at once, from the caller's thread.
 *
 * <p>A batch whose fate is unknown is sent again, before anything behind it, until its fate is
 * known or its time is over.
 */
final class PartitionAppender {
  private static final long FIRST_BACKOFF_MILLIS = 5;
  private static final long MAX_BACKOFF_MILLIS = 500;

  private final Appends appends;
  private final int partition;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<PendingCommit> queue = new ArrayDeque<>();

  /** The batch that is being decided. */
  private @Nullable AppendBatch current;

  /** Its call, while an answer is to come. */
  private @Nullable AppendAttempt underWay;

  private boolean scheduled;
  private boolean abandoned;

  PartitionAppender(Appends appends, int partition) {
    this.appends = appends;
    this.partition = partition;
  }

  /**
   * Takes a commit, to be decided some time.
   *
   * @return false if it came too late: nothing is decided any more
   */
  boolean append(PendingCommit commit) {
    boolean first;
    lock.lock();
    try {
      if (abandoned) {
        return false;
      }
      queue.add(commit);
      first = !scheduled;
      scheduled = true;
    } finally {
      lock.unlock();
    }
    if (first) {
      appends.turns.schedule(this);
    }
    return true;
  }

  /** Called when this partition's turn has come; its call, if any, becomes part of the round. */
  void sendNext(CallRound round) {
    if (appends.barriers.holdBack(appends.routes.ifOpen(partition), this)) {
      return;
    }
    AppendBatch batch;
    lock.lock();
    try {
      if (queue.isEmpty()) {
        scheduled = false; // what waited has expired
        return;
      }
      batch = AppendBatch.take(queue);
      batch.round = round;
      current = batch;
    } finally {
      lock.unlock();
    }
    round.callBegins();
    prepare(batch, CommandType.EVALSHA, round);
  }

  /** Sends a batch again. */
  private void send(AppendBatch batch, CommandType command) {
    CallRound alone = new CallRound(() -> {});
    prepare(batch, command, alone);
    alone.send();
  }

  @SuppressWarnings("ReferenceEquality") // a batch is itself only
  private void prepare(AppendBatch batch, CommandType command, CallRound round) {
    Node redirect = batch.redirect;
    StatefulRedisConnection<byte[], byte[]> connection =
        redirect == null ? appends.routes.ifOpen(partition) : appends.routes.ifOpen(redirect);
    if (connection == null) {
      seekAndRetry(batch, new StoreUnavailableException("not connected", null));
      return;
    }
    Barrier barrier = batch.asked.onDisk() ? appends.barriers.of(connection) : null;
    AppendAttempt attempt =
        new AppendAttempt(this, batch, connection, barrier == null ? 0 : barrier.incarnation());
    lock.lock();
    try {
      if (current != batch) {
        return; // given up meanwhile
      }
      batch.attempts++;
      underWay = attempt;
    } finally {
      lock.unlock();
    }
    AsyncCommand<byte[], byte[], AppendReply> call =
        AppendChannel.call(
            command, batch.commits.size(), appends.arguments(batch, command, partition));
    var unused = call.whenComplete(attempt::answered);
    round.add(connection, redirect == null ? List.of(call) : List.of(AppendChannel.asking(), call));
    if (barrier != null) {
      round.behind(
          () -> {
            if (barrier.blocks(batch.asked)) {
              release(batch); // the barrier holds the others back
            }
            attempt.prove(barrier);
          });
    }
  }

  /** Whether an attempt is the one whose answer is waited for. */
  @SuppressWarnings("ReferenceEquality") // an attempt is itself only
  boolean isUnderWay(AppendAttempt attempt) {
    lock.lock();
    try {
      return underWay == attempt;
    } finally {
      lock.unlock();
    }
  }

  /**
   * An attempt has come to its end.
   *
   * @return false if it was given up meanwhile: its end is of no consequence
   */
  @SuppressWarnings("ReferenceEquality") // an attempt is itself only
  boolean ends(AppendAttempt attempt) {
    lock.lock();
    try {
      if (underWay != attempt) {
        return false;
      }
      underWay = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** See {@link DurabilityCheck#touch}. */
  CompletableFuture<Void> touch(Barrier barrier) {
    return barrier.touch(appends.head(partition));
  }

  /** An attempt has ended with an answer to everything. */
  void complete(AppendBatch batch, AppendReply reply, Proof proof) {
    if (next(batch)) {
      appends.outcomes.complete(partition, batch, reply, proof);
    }
  }

  /** An attempt has ended without such an answer. */
  void failed(AppendAttempt attempt, Throwable failure) {
    AppendBatch batch = attempt.batch;
    switch (Failure.of(failure)) {
      case NO_SCRIPT -> send(batch, CommandType.EVAL);
      case MOVED, ASK -> {
        batch.redirect = appends.routes.redirected(partition, message(failure));
        retry(batch, failure);
      }
      case PASSING -> {
        if (Failure.isOfReplica(failure)) {
          appends.routes.replace(partition, attempt.connection);
        }
        seekAndRetry(batch, failure);
      }
      case NO_ANSWER -> {
        batch.maybeExecuted = true;
        seekAndRetry(batch, failure);
      }
      case REFUSED, WRONG_TYPE, WRONG_EPOCH, NO_GROUP, BROKEN_OFF, OTHER -> {
        if (next(batch)) {
          appends.outcomes.fail(partition, batch, Failure.unwrap(failure));
        }
      }
    }
  }

  private static String message(Throwable failure) {
    return String.valueOf(Failure.unwrap(failure).getMessage());
  }

  private void seekAndRetry(AppendBatch batch, Throwable failure) {
    batch.redirect = null;
    appends.routes.seek(partition);
    retry(batch, failure);
  }

  private void retry(AppendBatch batch, Throwable failure) {
    if (appends.isOver(batch.since)) {
      if (next(batch)) {
        appends.outcomes.giveUp(batch, Failure.unwrap(failure));
      }
      return;
    }
    batch.backoffs++;
    endCall(batch); // others may go meanwhile
    long millis =
        Math.min(MAX_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << Math.min(batch.backoffs - 1, 10));
    appends.later(millis, () -> send(batch, CommandType.EVALSHA));
  }

  /**
   * Gives way to what has queued up behind a batch that is decided.
   *
   * @return false if the batch was given up meanwhile
   */
  @SuppressWarnings("ReferenceEquality") // a batch is itself only
  private boolean next(AppendBatch done) {
    lock.lock();
    try {
      if (current != done) {
        return false;
      }
      current = null;
      scheduled = !queue.isEmpty();
      if (scheduled) {
        appends.turns.await(this);
      }
    } finally {
      lock.unlock();
    }
    endCall(done);
    return true;
  }

  private void endCall(AppendBatch batch) {
    release(batch);
    appends.turns.give();
  }

  private void release(AppendBatch batch) {
    CallRound round;
    lock.lock();
    try {
      round = batch.round;
      batch.round = null;
    } finally {
      lock.unlock();
    }
    if (round != null) {
      round.callEnded();
    }
  }

  /** Called now and then: looks for replies that don't come and commits that wait in vain. */
  void tick() {
    AppendAttempt late;
    List<PendingCommit> expired = new ArrayList<>();
    lock.lock();
    try {
      late = underWay;
      for (PendingCommit head = queue.peek();
          head != null && appends.isExpired(head.since);
          head = queue.peek()) {
        expired.add(queue.remove());
      }
    } finally {
      lock.unlock();
    }
    if (late != null && appends.isLate(late.since, late.batch.asked, late.connection)) {
      StoreUnavailableException noReply = new StoreUnavailableException("no reply in time", null);
      appends.routes.replace(partition, late.connection);
      late.answered(null, noReply);
      appends.barriers.giveUp(late.connection, noReply);
    }
    expired.forEach(appends.outcomes::expire);
  }

  boolean isIdle() {
    lock.lock();
    try {
      return !scheduled;
    } finally {
      lock.unlock();
    }
  }

  /** Leaves nothing undecided: called when the connection is about to close for ever. */
  void abandon(String reason) {
    AppendBatch batch;
    List<PendingCommit> waiting;
    lock.lock();
    try {
      abandoned = true;
      batch = current;
      current = null;
      underWay = null;
      waiting = new ArrayList<>(queue);
      queue.clear();
      if (batch != null && batch.attempts > 0) {
        batch.maybeExecuted = true; // its answer may be on its way through this class
      }
    } finally {
      lock.unlock();
    }
    StoreUnavailableException closed = new StoreUnavailableException(reason, null);
    if (batch != null) {
      appends.outcomes.giveUp(batch, closed);
      endCall(batch);
    }
    waiting.forEach(commit -> appends.outcomes.settle(commit, closed));
  }
}
