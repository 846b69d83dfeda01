package dev.headwater.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection that all partitions of one server append through. It reconnects by itself; one
 * that got stuck is replaced.
 */
final class AppendChannel {
  private final Supplier<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> opener;
  private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;
  private boolean closed;
  private boolean opening;

  /** Begins to open it. */
  AppendChannel(Supplier<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> opener) {
    this.opener = opener;
    reopen();
  }

  /** With a connection that is open. */
  AppendChannel(
      Supplier<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> opener,
      StatefulRedisConnection<byte[], byte[]> first) {
    this.opener = opener;
    this.connection = first;
  }

  /** The connection, if commands can be sent now. */
  @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen() {
    StatefulRedisConnection<byte[], byte[]> current = connection;
    return current != null && current.isOpen() ? current : null;
  }

  /** A call of the script, not sent yet. */
  static AsyncCommand<byte[], byte[], AppendReply> call(
      CommandType command, int commits, CommandArgs<byte[], byte[]> args) {
    return new AsyncCommand<>(new Command<>(command, new AppendReply(commits), args));
  }

  /**
   * Goes directly before a call for keys that the node is about to take over, because it counts for
   * the next command only.
   */
  static AsyncCommand<byte[], byte[], String> asking() {
    return new AsyncCommand<>(
        new Command<>(
            CommandType.ASKING,
            new StatusOutput<>(ByteArrayCodec.INSTANCE),
            new CommandArgs<>(ByteArrayCodec.INSTANCE)));
  }

  /** Whether it has no connection, and opens none. */
  synchronized boolean isIdle() {
    return !opening && ifOpen() == null;
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
      var unused = opener.get().whenComplete(this::opened);
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

  /** Begins to close it for ever. */
  synchronized CompletableFuture<Void> closeAsync() {
    closed = true;
    StatefulRedisConnection<byte[], byte[]> current = connection;
    connection = null;
    return current == null ? CompletableFuture.completedFuture(null) : current.closeAsync();
  }
}
