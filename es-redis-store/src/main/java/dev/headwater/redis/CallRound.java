package dev.headwater.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls of several partitions that go out in one write for each server: the server then reads them,
 * answers them, and writes and fsyncs its file for them, once. Gathered by one thread; after that
 * only {@link #callEnded} may be called, by any.
 */
final class CallRound {
  private final Map<StatefulRedisConnection<byte[], byte[]>, List<RedisCommand<byte[], byte[], ?>>>
      calls = new LinkedHashMap<>(2);
  private final List<Runnable> behind = new ArrayList<>(0);
  private final AtomicInteger unanswered = new AtomicInteger(1);
  private final Runnable ended;

  /**
   * A round without calls.
   *
   * @param ended called when it was sent and all of its calls have ended
   */
  CallRound(Runnable ended) {
    this.ended = ended;
  }

  /** Counts a call until {@link #callEnded}. */
  void callBegins() {
    unanswered.incrementAndGet();
  }

  /** A counted call is answered, or given up. */
  void callEnded() {
    if (unanswered.decrementAndGet() == 0) {
      ended.run();
    }
  }

  void add(
      StatefulRedisConnection<byte[], byte[]> connection,
      List<? extends RedisCommand<byte[], byte[], ?>> commands) {
    calls.computeIfAbsent(connection, unused -> new ArrayList<>(4)).addAll(commands);
  }

  /** To be run when the calls have been written. */
  void behind(Runnable action) {
    behind.add(action);
  }

  /** Sends the calls. What can't be sent fails. */
  void send() {
    calls.forEach(CallRound::send);
    behind.forEach(Runnable::run);
    callEnded();
  }

  private static void send(
      StatefulRedisConnection<byte[], byte[]> connection,
      List<RedisCommand<byte[], byte[], ?>> commands) {
    try {
      if (commands.size() == 1) {
        var unused = connection.dispatch(commands.getFirst());
      } else {
        var unused = connection.dispatch(commands);
      }
    } catch (RuntimeException e) {
      commands.forEach(command -> command.completeExceptionally(e));
    }
  }
}
