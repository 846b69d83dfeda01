package dev.headwater.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The connection that all partitions append through. It reconnects by itself; one that got stuck is
 * replaced.
 */
final class AppendChannel implements AutoCloseable {
  private final Connections connections;
  private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;
  private boolean closed;
  private boolean opening;

  AppendChannel(Connections connections) {
    this.connections = connections;
    this.connection = connections.open();
  }

  /** The connection, if commands can be sent now. */
  @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen() {
    StatefulRedisConnection<byte[], byte[]> current = connection;
    return current != null && current.isOpen() ? current : null;
  }

  static CompletionStage<AppendReply> call(
      StatefulRedisConnection<byte[], byte[]> connection,
      CommandType command,
      int commits,
      CommandArgs<byte[], byte[]> args) {
    return connection.async().dispatch(command, new AppendReply(commits), args);
  }

  /** Gives up a connection that doesn't answer; what is under way on it fails. */
  @SuppressWarnings("ReferenceEquality") // that very connection, or it was replaced already
  synchronized void replace(StatefulRedisConnection<byte[], byte[]> stuck) {
    if (connection == stuck) {
      connection = null;
      var unused = stuck.closeAsync();
      reopen();
    }
  }

  /** Opens another in the background if there is none; called again until it works. */
  synchronized void reopen() {
    if (connection == null && !closed && !opening) {
      opening = true;
      var unused = connections.openAsync().whenComplete(this::opened);
    }
  }

  private synchronized void opened(
      @Nullable StatefulRedisConnection<byte[], byte[]> fresh, @Nullable Throwable failure) {
    opening = false;
    if (fresh != null && closed) {
      var unused = fresh.closeAsync();
    } else {
      connection = fresh;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    StatefulRedisConnection<byte[], byte[]> current = connection;
    if (current != null) {
      current.close();
    }
  }
}
