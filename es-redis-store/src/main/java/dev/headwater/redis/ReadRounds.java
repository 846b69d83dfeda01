package dev.headwater.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.AsyncCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Sends the reads of many threads over one connection in rounds: what is asked while three rounds
 * are under way goes out together, in one write, when one of them is answered. An idle connection
 * sends at once, from the caller's thread. Thread-safe.
 */
final class ReadRounds {
  /** One that the server works on, one whose replies are decoded, one whose readers wake up. */
  private static final int MAX_ROUNDS = 3;

  /** Bounds what the server collects before it answers the first. */
  private static final int MAX_READS = 256;

  private final StatefulConnection<byte[], byte[]> connection;
  private final Queue<AsyncCommand<byte[], byte[], ?>> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore rounds = new Semaphore(MAX_ROUNDS);

  ReadRounds(StatefulConnection<byte[], byte[]> connection) {
    this.connection = connection;
  }

  /** Takes a read; it completes with its answer or with what went wrong. */
  void send(AsyncCommand<byte[], byte[], ?> read) {
    waiting.add(read);
    drain();
  }

  private void drain() {
    while (!waiting.isEmpty() && rounds.tryAcquire()) {
      List<AsyncCommand<byte[], byte[], ?>> round = next();
      if (round.isEmpty()) {
        rounds.release();
      } else {
        send(round);
      }
    }
  }

  private List<AsyncCommand<byte[], byte[], ?>> next() {
    List<AsyncCommand<byte[], byte[], ?>> round = new ArrayList<>();
    for (var read = waiting.poll(); read != null; read = waiting.poll()) {
      if (!read.isDone()) { // its reader gave up
        round.add(read);
      }
      if (round.size() == MAX_READS) {
        break;
      }
    }
    return round;
  }

  private void send(List<AsyncCommand<byte[], byte[], ?>> round) {
    var unused = round.getLast().whenComplete((answer, failure) -> ended());
    try {
      connection.dispatch(round);
    } catch (RuntimeException e) {
      round.forEach(read -> read.completeExceptionally(e));
    }
  }

  private void ended() {
    rounds.release();
    drain();
  }
}
