package dev.headwater.redis;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreUnavailableException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiPredicate;

/** Tells whoever waits what became of their commits. Thread-safe. */
final class AppendOutcomes {
  private final RedisStoreOptions options;
  private final Epochs epochs;
  private final CommitSearch search;
  private final AppendErrors errors;
  private final BiPredicate<Integer, PendingCommit> appendAgain;

  /** Bytes of the commits that nothing was told about yet. */
  private final AtomicLong queuedBytes = new AtomicLong();

  /** How far each partition had come when this store heard of it last. */
  private final AtomicLongArray sequences;

  /**
   * Of a store's appends.
   *
   * @param appendAgain appends a commit to a partition as if for the first time; false if it came
   *     too late
   */
  AppendOutcomes(
      RedisStoreOptions options,
      Epochs epochs,
      CommitSearch search,
      BiPredicate<Integer, PendingCommit> appendAgain) {
    this.options = options;
    this.epochs = epochs;
    this.search = search;
    this.errors = new AppendErrors(options);
    this.appendAgain = appendAgain;
    this.sequences = epochs.sequences();
  }

  /** How far a partition has come at least. */
  long knownSequence(int partition) {
    return sequences.get(partition);
  }

  /**
   * Counts a commit until it is settled.
   *
   * @return false if too much waits already; it is settled then
   */
  boolean admit(PendingCommit pending) {
    long queued = queuedBytes.addAndGet(pending.bytes);
    if (queued > options.maxQueuedBytes() && queued > pending.bytes) {
      settle(pending, errors.queueFull(queued - pending.bytes));
      return false;
    }
    return true;
  }

  /** The store takes no more. */
  void closed(PendingCommit pending) {
    settle(pending, errors.closed());
  }

  /** The script has answered, and so far is that durable. */
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
            settle(pending, AppendErrors.usedElsewhere(commit, reply.text(i), version));
        case AppendReply.NOT_PROVABLE ->
            proveOrGiveUp(partition, batch, pending, reply.sequence(i));
        case AppendReply.OTHER_VERSION -> settle(pending, otherVersion(pending, version));
        default -> settle(pending, errors.keyRefused(commit, reply.text(i)));
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
                settle(pending, errors.unknown(pending, e));
              } catch (RuntimeException e) {
                settle(pending, e);
              }
            });
  }

  /**
   * A commit that expects any version, on its way while more was stored than ids are kept. If all
   * of its attempts are answered it is not stored; then it is sent as if for the first time.
   */
  private void proveOrGiveUp(
      int partition, AppendBatch batch, PendingCommit pending, long sequence) {
    if (batch.maybeExecuted) {
      settle(pending, errors.notProvable(pending));
      return;
    }
    pending.knownSequence = sequence;
    if (!appendAgain.test(partition, pending)) {
      closed(pending);
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

  /** Trying again wouldn't help. */
  void fail(int partition, AppendBatch batch, Throwable cause) {
    boolean maybeStored = batch.maybeExecuted || Failure.of(cause) == Failure.BROKEN_OFF;
    for (PendingCommit pending : batch.commits) {
      settle(
          pending,
          maybeStored ? errors.unknown(pending, cause) : errors.refused(partition, pending, cause));
    }
  }

  /** The time of a batch is over. */
  void giveUp(AppendBatch batch, Throwable cause) {
    for (PendingCommit pending : batch.commits) {
      settle(
          pending,
          batch.maybeExecuted ? errors.unknown(pending, cause) : errors.neverSent(pending, cause));
    }
  }

  /** The time of a commit is over that was never sent. */
  void expire(PendingCommit pending) {
    settle(pending, errors.neverSent(pending, new StoreUnavailableException("no answer", null)));
  }

  private void settle(PendingCommit pending, AppendResult result) {
    queuedBytes.addAndGet(-pending.bytes);
    pending.outcome.complete(result);
  }

  void settle(PendingCommit pending, RuntimeException failure) {
    queuedBytes.addAndGet(-pending.bytes);
    pending.outcome.completeExceptionally(failure);
  }
}
