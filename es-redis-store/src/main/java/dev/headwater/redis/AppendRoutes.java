package dev.headwater.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import org.jspecify.annotations.Nullable;

/**
 * Which connection each partition appends through: that of its node. No call blocks but {@link
 * #close}.
 */
interface AppendRoutes extends AutoCloseable {
  /** The partition's connection, if commands can be sent now. */
  @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen(int partition);

  /** A connection to a node that is asked for once, if commands can be sent now. */
  @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen(Node asked);

  /** After a failure: looks where the partition is, and opens in the background what is missing. */
  void seek(int partition);

  /**
   * A node refused the partition because another one has it, or takes it over.
   *
   * @param answer {@code MOVED <slot> <host>:<port>}, or {@code ASK} so
   * @return the node to ask for this once; null for the partition's, which may be another one now
   */
  @Nullable Node redirected(int partition, String answer);

  /** Gives up a connection that doesn't answer or can't write; what is under way on it fails. */
  void replace(int partition, StatefulRedisConnection<byte[], byte[]> useless);

  @Override
  void close();
}
