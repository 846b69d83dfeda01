package dev.headwater.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The barrier of each connection that was asked for more than memory. Thread-safe. */
final class Barriers {
  private final Map<StatefulRedisConnection<byte[], byte[]>, Barrier> barriers =
      new ConcurrentHashMap<>();
  private final RedisStoreOptions options;
  private final Turns turns;

  Barriers(RedisStoreOptions options, Turns turns) {
    this.options = options;
    this.turns = turns;
  }

  Barrier of(StatefulRedisConnection<byte[], byte[]> connection) {
    Barrier known = barriers.get(connection);
    if (known != null) {
      return known;
    }
    barriers
        .keySet()
        .removeIf(old -> !old.isOpen()); // replaced ones; one that reconnects comes anew
    return barriers.computeIfAbsent(
        connection, fresh -> new Barrier(new DurabilityCheck(fresh, options), turns));
  }

  /**
   * Whether a partition has to wait with its next call, because the server would hold it back
   * anyway. Its turn comes when the barrier is answered.
   */
  boolean holdBack(
      @Nullable StatefulRedisConnection<byte[], byte[]> connection, PartitionAppender partition) {
    if (connection == null || barriers.isEmpty()) {
      return false;
    }
    Barrier barrier = barriers.get(connection);
    return barrier != null && barrier.holdBack(partition);
  }

  /** Whether what is sent on a connection now is held back by the server. */
  boolean isUnderWay(StatefulRedisConnection<byte[], byte[]> connection) {
    Barrier barrier = barriers.isEmpty() ? null : barriers.get(connection);
    return barrier != null && barrier.isUnderWay();
  }

  /** A connection is given up: nothing more will be proven on it. */
  void giveUp(StatefulRedisConnection<byte[], byte[]> connection, RuntimeException cause) {
    Barrier barrier = barriers.remove(connection);
    if (barrier != null) {
      barrier.giveUp(cause);
    }
  }
}
