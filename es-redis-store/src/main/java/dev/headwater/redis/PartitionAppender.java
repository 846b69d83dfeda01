package dev.headwater.redis;

import dev.headwater.store.EventStoreException;
import dev.headwater.store.StoreUnavailableException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
  private @Nullable AppendBatch current;
  private boolean scheduled;
  private boolean abandoned;
  private @Nullable StatefulRedisConnection<byte[], byte[]> sentOn;

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
      appends.schedule(this);
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
    int attempt;
    lock.lock();
    try {
      if (current != batch) {
        return; // given up meanwhile
      }
      attempt = ++batch.attempts;
      batch.attemptSince = System.nanoTime();
      batch.reply = null;
      sentOn = connection;
    } finally {
      lock.unlock();
    }
    Barrier barrier = batch.asked.onDisk() ? appends.barriers.of(connection) : null;
    int incarnation = barrier == null ? 0 : barrier.incarnation();
    AsyncCommand<byte[], byte[], AppendReply> call =
        AppendChannel.call(
            command, batch.commits.size(), appends.arguments(batch, command, partition));
    var unused = call.whenComplete((reply, failure) -> answered(batch, attempt, reply, failure));
    round.add(connection, redirect == null ? List.of(call) : List.of(AppendChannel.asking(), call));
    if (barrier != null) {
      round.behind(
          () -> {
            if (barrier.blocks(batch.asked)) {
              release(batch); // the barrier holds the others back
            }
            prove(batch, attempt, barrier, incarnation);
          });
    }
  }

  private void prove(AppendBatch batch, int attempt, Barrier barrier, int incarnation) {
    barrier.prove(
        batch.asked,
        incarnation,
        (proof, failure) -> proven(batch, attempt, barrier, incarnation, proof, failure));
  }

  private void answered(
      AppendBatch batch, int attempt, @Nullable AppendReply reply, @Nullable Throwable failure) {
    StatefulRedisConnection<byte[], byte[]> connection;
    lock.lock();
    try {
      connection = sentOn;
      if (current != batch || attempt != batch.attempts || connection == null) {
        return; // given up meanwhile
      }
      if (reply != null && reply.isComplete() && batch.asked.onDisk()) {
        batch.reply = reply; // decided when it is proven
        return;
      }
      sentOn = null;
    } finally {
      lock.unlock();
    }
    if (reply != null && reply.isComplete()) {
      if (next(batch)) {
        appends.complete(partition, batch, reply, Proof.NONE);
      }
    } else {
      failed(
          batch,
          connection,
          failure == null ? new EventStoreException("incomplete reply") : failure);
    }
  }

  @SuppressWarnings("ReferenceEquality") // a batch is itself only
  private void proven(
      AppendBatch batch,
      int attempt,
      Barrier barrier,
      int incarnation,
      @Nullable Proof proof,
      @Nullable Throwable failure) {
    AppendReply reply;
    boolean touch;
    StatefulRedisConnection<byte[], byte[]> connection;
    lock.lock();
    try {
      reply = batch.reply;
      connection = sentOn;
      if (current != batch || attempt != batch.attempts || connection == null) {
        return; // given up, or the script failed
      }
      touch = proof != null && reply != null && reply.foundOnly() && batch.touchedFor != attempt;
      if (touch) {
        batch.touchedFor = attempt;
      } else {
        sentOn = null;
      }
    } finally {
      lock.unlock();
    }
    if (touch) {
      touch(batch, attempt, barrier, incarnation);
    } else if (proof == null || reply == null) {
      failed(batch, connection, failure == null ? new EventStoreException("no reply") : failure);
    } else if (next(batch)) {
      appends.complete(partition, batch, reply, proof);
    }
  }

  /** What was stored by another connection is proven by a write of this one behind it. */
  private void touch(AppendBatch batch, int attempt, Barrier barrier, int incarnation) {
    var unused =
        barrier
            .touch(appends.head(partition))
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    prove(batch, attempt, barrier, incarnation);
                  } else {
                    proven(batch, attempt, barrier, incarnation, null, failure);
                  }
                });
  }

  private void failed(
      AppendBatch batch, StatefulRedisConnection<byte[], byte[]> connection, Throwable failure) {
    switch (Failure.of(failure)) {
      case NO_SCRIPT -> send(batch, CommandType.EVAL);
      case MOVED, ASK -> {
        batch.redirect = appends.routes.redirected(partition, message(failure));
        retry(batch, failure);
      }
      case PASSING -> {
        if (Failure.isOfReplica(failure)) {
          appends.routes.replace(partition, connection);
        }
        seekAndRetry(batch, failure);
      }
      case NO_ANSWER -> {
        batch.maybeExecuted = true;
        seekAndRetry(batch, failure);
      }
      case REFUSED, WRONG_TYPE, WRONG_EPOCH, NO_GROUP, BROKEN_OFF, OTHER -> {
        if (next(batch)) {
          appends.fail(partition, batch, Failure.unwrap(failure));
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
    if (appends.isClosed() || appends.isOver(batch.since)) {
      if (next(batch)) {
        appends.giveUp(batch, Failure.unwrap(failure));
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
        appends.ready(this);
      }
    } finally {
      lock.unlock();
    }
    endCall(done);
    return true;
  }

  private void endCall(AppendBatch batch) {
    release(batch);
    appends.drain();
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
    StatefulRedisConnection<byte[], byte[]> stuck = null;
    AppendBatch late = null;
    int attempt = 0;
    List<PendingCommit> expired = new ArrayList<>();
    lock.lock();
    try {
      AppendBatch batch = current;
      if (batch != null && sentOn != null && appends.isReplyLate(batch, sentOn)) {
        stuck = sentOn;
        late = batch;
        attempt = batch.attempts;
      }
      for (PendingCommit head = queue.peek();
          head != null && appends.isOver(head.since);
          head = queue.peek()) {
        expired.add(queue.remove());
      }
    } finally {
      lock.unlock();
    }
    if (stuck != null && late != null) {
      StoreUnavailableException noReply = new StoreUnavailableException("no reply in time", null);
      appends.routes.replace(partition, stuck);
      answered(late, attempt, null, noReply);
      appends.barriers.giveUp(stuck, noReply);
    }
    expired.forEach(appends::expire);
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
      appends.giveUp(batch, closed);
      endCall(batch);
    }
    waiting.forEach(commit -> appends.settle(commit, closed));
  }
}
