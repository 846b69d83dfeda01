package dev.headwater.redis;

import dev.headwater.store.Durability;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/*
 * Proves the durability of what one connection has written: a group commit of group commits.
 *
 * WAIT and WAITAOF hold back all that comes behind them on their connection. So one of them is under way at a time.
 * Partitions whose turn comes meanwhile are held back here, where their commits gather, instead of in the socket. When
 * it is answered they all send, and the next barrier goes behind them and covers them together.
 *
 * WAITAOF and WAIT answer for the last write of their own connection. Asked on a connection that was lost and made again,
 * they would tell of the wrong one, and perhaps of another server. So every script call notes the connection's incarnation
 * before it goes out, and a proof counts if it is still the same when the proof has come.
 */
final class Barrier {
  private final DurabilityCheck check;
  private final Turns turns;
  private final Object lock = new Object();
  private final List<Round> underWay = new ArrayList<>();
  private List<PartitionAppender> heldBack = new ArrayList<>();
  private Round gathering = new Round();
  private int blocking;
  private boolean resuming;

  Barrier(DurabilityCheck check, Turns turns) {
    this.check = check;
    this.turns = turns;
  }

  private static final class Round {
    final List<Waiter> waiters = new ArrayList<>();
    Durability level = Durability.memory();
    boolean blocks;
  }

  private record Waiter(int incarnation, BiConsumer<@Nullable Proof, @Nullable Throwable> told) {}

  /** To be noted before the call whose durability is to be proven. */
  int incarnation() {
    return check.incarnation();
  }

  /** Whether calls for this level are held back together, so that their number needs no bound. */
  boolean blocks(Durability level) {
    return check.blocks(level);
  }

  /**
   * Proves a level of all that this connection has written until now.
   *
   * @param incarnation the connection's when that began
   * @param told gets the proof, or why there is none; on a thread that must not be blocked
   */
  void prove(
      Durability level, int incarnation, BiConsumer<@Nullable Proof, @Nullable Throwable> told) {
    synchronized (lock) {
      gathering.waiters.add(new Waiter(incarnation, told));
      if (level.compareTo(gathering.level) > 0) {
        gathering.level = level;
      }
    }
    send();
  }

  /** See {@link DurabilityCheck#touch}. */
  CompletableFuture<Void> touch(byte[] head) {
    return check.touch(head);
  }

  /** See {@link Barriers#holdBack}. */
  boolean holdBack(PartitionAppender partition) {
    synchronized (lock) {
      if (blocking == 0) {
        return false;
      }
      heldBack.add(partition);
      return true;
    }
  }

  boolean isUnderWay() {
    synchronized (lock) {
      return blocking > 0;
    }
  }

  /**
   * How long the reply to a call may take more because of barriers: the one before it and its own,
   * each waiting for a disk and for replicas.
   */
  static Duration longest(RedisStoreOptions options) {
    return options.durabilityTimeout().multipliedBy(4);
  }

  private void send() {
    Round round;
    synchronized (lock) {
      if (resuming || blocking > 0 || gathering.waiters.isEmpty()) {
        return;
      }
      round = gathering;
      gathering = new Round();
      underWay.add(round);
      round.blocks = check.blocks(round.level);
      if (round.blocks) {
        blocking++;
      }
    }
    var unused =
        check.prove(round.level).whenComplete((proof, failure) -> ended(round, proof, failure));
  }

  private void ended(Round round, @Nullable Proof proof, @Nullable Throwable failure) {
    List<PartitionAppender> resumed = List.of();
    synchronized (lock) {
      if (!underWay.remove(round)) {
        return; // given up
      }
      if (round.blocks && --blocking == 0) {
        resumed = heldBack;
        heldBack = new ArrayList<>();
        resuming = true;
      }
    }
    try {
      tell(round, proof, failure);
      resumed.forEach(turns::await);
      turns.give();
    } finally {
      if (round.blocks) {
        synchronized (lock) {
          resuming = false;
        }
      }
    }
    send();
  }

  private void tell(Round round, @Nullable Proof proof, @Nullable Throwable failure) {
    int incarnation = check.incarnation();
    for (Waiter waiter : round.waiters) {
      if (failure == null && waiter.incarnation() != incarnation) {
        waiter.told().accept(null, new RedisException("the connection was lost meanwhile"));
      } else {
        waiter.told().accept(proof, failure);
      }
    }
  }

  /** Ends what is under way, as failed. */
  void giveUp(RuntimeException cause) {
    List<Round> given;
    synchronized (lock) {
      given = new ArrayList<>(underWay);
      if (!gathering.waiters.isEmpty()) {
        given.add(gathering);
        underWay.add(gathering);
        gathering = new Round();
      }
    }
    given.forEach(round -> ended(round, null, cause));
  }
}
