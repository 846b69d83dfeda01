package dev.headwater.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;

/**
 * A connection to one server, or to a cluster, which sends each command to the node of its first
 * key and follows redirections.
 */
record Line(
    StatefulConnection<byte[], byte[]> connection, BaseRedisAsyncCommands<byte[], byte[]> commands)
    implements AutoCloseable {

  static Line to(StatefulRedisConnection<byte[], byte[]> server) {
    return new Line(server, server.async());
  }

  static Line to(StatefulRedisClusterConnection<byte[], byte[]> cluster) {
    return new Line(cluster, cluster.async());
  }

  @Override
  public void close() {
    connection.close();
  }
}
