package dev.headwater.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import org.jspecify.annotations.Nullable;

/** One connection for all partitions, because one server holds them all. */
final class SingleRoute implements AppendRoutes {
  private final AppendChannel channel;

  SingleRoute(Connections connections) {
    this.channel = new AppendChannel(connections::openAsync, connections.open());
  }

  @Override
  public @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen(int partition) {
    return channel.ifOpen();
  }

  @Override
  public @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen(Node asked) {
    return channel.ifOpen();
  }

  @Override
  public void seek(int partition) {
    channel.reopen();
  }

  @Override
  public @Nullable Node redirected(int partition, String answer) {
    return null; // it knows no other one
  }

  @Override
  public void replace(int partition, StatefulRedisConnection<byte[], byte[]> useless) {
    channel.replace(useless);
  }

  @Override
  public void close() {
    channel.closeAsync().join();
  }
}
