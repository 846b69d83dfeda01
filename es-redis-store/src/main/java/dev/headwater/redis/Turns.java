package dev.headwater.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Gives partitions their turns to send a call, the longest waiting first, and bounds how many calls
 * are under way. Thread-safe.
 */
final class Turns {
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

  private final Queue<PartitionAppender> ready = new ConcurrentLinkedQueue<>();
  private final Semaphore rounds = new Semaphore(MAX_ROUNDS);

  /** Sends the partition's next batch as soon as not too many calls are under way. */
  void schedule(PartitionAppender partition) {
    await(partition);
    give();
  }

  /** Notes that a partition waits for its turn, for the next {@link #give}. */
  void await(PartitionAppender partition) {
    ready.add(partition);
  }

  /** Gives their turn to as many of those that wait as may go. */
  void give() {
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
}
