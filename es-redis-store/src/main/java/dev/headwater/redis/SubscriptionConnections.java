package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.StoreUnavailableException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a subscription, and what it says on them: one reads ranges, the others wait
 * for news: one on a single server, one for each partition on a cluster. None sends anything twice;
 * when one fails, all are replaced.
 */
final class SubscriptionConnections implements AutoCloseable {
  private final Line ranges;
  private final Connections opener;
  private final @Nullable Placement placement;
  private final Map<Integer, CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> waiting =
      new ConcurrentHashMap<>();
  private final Keys keys;
  private final EventTypes types;
  private volatile boolean closed;

  SubscriptionConnections(
      Connections opener, @Nullable Placement placement, Keys keys, EventTypes types) {
    this.opener = opener;
    this.placement = placement;
    this.keys = keys;
    this.types = types;
    this.ranges = opener.openFailingLine();
    if (placement == null) {
      ranges.connection().setAutoFlushCommands(false);
    }
  }

  /** Sends what was called since the last flush; on a cluster each call is sent at once. */
  void flush() {
    if (placement == null) {
      ranges.connection().flushCommands();
    }
  }

  /** Entries of a log behind an id, or from it on. */
  CompletableFuture<List<LogEntry>> log(int partition, String from, boolean inclusive, int count) {
    CommandArgs<byte[], byte[]> args = Reads.args().addKey(keys.log(partition));
    args.add(inclusive ? from : "(" + from).add("+").add("COUNT").add(count);
    return ranges
        .commands()
        .dispatch(CommandType.XRANGE, new LogReply(), args)
        .toCompletableFuture();
  }

  /** Epoch, sequence and last log id, as stored. */
  CompletableFuture<List<byte[]>> head(int partition) {
    CommandArgs<byte[], byte[]> args = Reads.args().addKey(keys.head(partition));
    args.add("epoch").add("sequence").add("log");
    return ranges
        .commands()
        .dispatch(CommandType.HMGET, new ValueListOutput<>(ByteArrayCodec.INSTANCE), args)
        .toCompletableFuture();
  }

  CompletableFuture<List<RecordedEvent>> events(
      int partition, StreamId stream, long first, long last) {
    CommandArgs<byte[], byte[]> args = Reads.args();
    args.addKey(keys.stream(partition, Keys.name(stream))).add(first).add(last);
    return ranges
        .commands()
        .dispatch(CommandType.XRANGE, new EventsReply(stream, types), args)
        .toCompletableFuture();
  }

  /** Fails with BUSYGROUP where there is one. */
  CompletableFuture<String> createGroup(int partition, String group, String at) {
    CommandArgs<byte[], byte[]> args = Reads.args().add("CREATE").addKey(keys.log(partition));
    return xgroup(args.add(group).add(at).add("MKSTREAM"));
  }

  CompletableFuture<String> setGroup(int partition, String group, String at) {
    CommandArgs<byte[], byte[]> args = Reads.args().add("SETID").addKey(keys.log(partition));
    return xgroup(args.add(group).add(at));
  }

  private CompletableFuture<String> xgroup(CommandArgs<byte[], byte[]> args) {
    return ranges
        .commands()
        .dispatch(CommandType.XGROUP, new StatusOutput<>(ByteArrayCodec.INSTANCE), args)
        .toCompletableFuture();
  }

  /** Waits at the server for entries that the group has not been given yet. */
  CompletableFuture<Map<String, List<LogEntry>>> news(
      String group, String consumer, List<PartitionCursor> cursors, int count, long blockMillis) {
    CommandArgs<byte[], byte[]> args = Reads.args().add("GROUP").add(group).add(consumer);
    // No pending list: the subscriber's checkpoint is the truth.
    args.add("COUNT").add(count).add("BLOCK").add(blockMillis).add("NOACK").add("STREAMS");
    cursors.forEach(cursor -> args.addKey(keys.log(cursor.partition())));
    cursors.forEach(cursor -> args.add(">"));
    return waitFor(cursors, CommandType.XREADGROUP, args);
  }

  private CompletableFuture<Map<String, List<LogEntry>>> waitFor(
      List<PartitionCursor> cursors, CommandType command, CommandArgs<byte[], byte[]> args) {
    return waiting(cursors.getFirst().partition())
        .thenCompose(connection -> connection.async().dispatch(command, new GroupReply(), args));
  }

  private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> waiting(int partition) {
    if (placement == null) {
      return waiting.computeIfAbsent(0, any -> opener.openAsync().whenComplete(this::opened));
    }
    Node node = placement.of(partition);
    if (node == null) {
      return CompletableFuture.failedFuture(
          new StoreUnavailableException("no node holds partition " + partition, null));
    }
    return waiting.computeIfAbsent(
        partition, any -> opener.openAsync(node).whenComplete(this::opened));
  }

  private void opened(
      @Nullable StatefulRedisConnection<byte[], byte[]> connection, @Nullable Throwable failure) {
    if (connection != null && closed) {
      var unused = connection.closeAsync();
    }
  }

  /** A wait for news of a partition failed: the next one may have to ask another node. */
  void waitFailed(int partition, Throwable failure) {
    Node from = placement == null ? null : placement.of(partition);
    if (placement != null && from != null && Failure.of(failure) == Failure.MOVED) {
      String answer = String.valueOf(Failure.unwrap(failure).getMessage());
      placement.moved(partition, Node.redirected(answer, from));
    }
    close(waiting.remove(partition));
  }

  /** Something failed: partitions may have moved to other nodes. */
  void lookAgain() {
    if (placement != null) {
      placement.refresh();
    }
  }

  /** Waits at the server for entries behind those that were fetched, as a member of no group. */
  CompletableFuture<Map<String, List<LogEntry>>> newsWithoutGroup(
      List<PartitionCursor> cursors, int count, long blockMillis) {
    CommandArgs<byte[], byte[]> args = Reads.args().add("COUNT").add(count);
    args.add("BLOCK").add(blockMillis).add("STREAMS");
    cursors.forEach(cursor -> args.addKey(keys.log(cursor.partition())));
    cursors.forEach(cursor -> args.add(cursor.fetchedId()));
    return waitFor(cursors, CommandType.XREAD, args);
  }

  String logKey(int partition) {
    return new String(keys.log(partition), UTF_8);
  }

  @Override
  public void close() {
    closed = true;
    var unused = ranges.connection().closeAsync();
    waiting.values().forEach(SubscriptionConnections::close);
  }

  private static void close(
      @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection) {
    if (connection != null) {
      var unused = connection.thenCompose(StatefulRedisConnection::closeAsync);
    }
  }
}
