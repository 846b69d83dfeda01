package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The two connections of a subscription, and what it says on them: one waits for news, the other
 * reads ranges and is flushed by hand. Neither sends anything twice; when one fails, both are
 * replaced.
 */
final class SubscriptionConnections implements AutoCloseable {
  private final StatefulRedisConnection<byte[], byte[]> ranges;
  private final StatefulRedisConnection<byte[], byte[]> news;
  private final Keys keys;
  private final EventTypes types;

  SubscriptionConnections(Connections connections, Keys keys, EventTypes types) {
    this.keys = keys;
    this.types = types;
    this.ranges = connections.open();
    try {
      this.news = connections.open();
    } catch (RuntimeException e) {
      ranges.close();
      throw e;
    }
    ranges.setAutoFlushCommands(false);
  }

  void flush() {
    ranges.flushCommands();
  }

  /** Entries of a log behind an id, or from it on. */
  CompletableFuture<List<LogEntry>> log(int partition, String from, boolean inclusive, int count) {
    CommandArgs<byte[], byte[]> args = Reads.args().addKey(keys.log(partition));
    args.add(inclusive ? from : "(" + from).add("+").add("COUNT").add(count);
    return ranges.async().dispatch(CommandType.XRANGE, new LogReply(), args).toCompletableFuture();
  }

  /** Epoch, sequence and last log id, as stored. */
  CompletableFuture<List<byte[]>> head(int partition) {
    CommandArgs<byte[], byte[]> args = Reads.args().addKey(keys.head(partition));
    args.add("epoch").add("sequence").add("log");
    return ranges
        .async()
        .dispatch(CommandType.HMGET, new ValueListOutput<>(ByteArrayCodec.INSTANCE), args)
        .toCompletableFuture();
  }

  CompletableFuture<List<RecordedEvent>> events(
      int partition, StreamId stream, long first, long last) {
    CommandArgs<byte[], byte[]> args = Reads.args();
    args.addKey(keys.stream(partition, Keys.name(stream))).add(first).add(last);
    return ranges
        .async()
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
        .async()
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
    return news.async()
        .dispatch(CommandType.XREADGROUP, new GroupReply(), args)
        .toCompletableFuture();
  }

  /** Waits at the server for entries behind those that were fetched, as a member of no group. */
  CompletableFuture<Map<String, List<LogEntry>>> newsWithoutGroup(
      List<PartitionCursor> cursors, int count, long blockMillis) {
    CommandArgs<byte[], byte[]> args = Reads.args().add("COUNT").add(count);
    args.add("BLOCK").add(blockMillis).add("STREAMS");
    cursors.forEach(cursor -> args.addKey(keys.log(cursor.partition())));
    cursors.forEach(cursor -> args.add(cursor.fetchedId()));
    return news.async().dispatch(CommandType.XREAD, new GroupReply(), args).toCompletableFuture();
  }

  String logKey(int partition) {
    return new String(keys.log(partition), UTF_8);
  }

  @Override
  public void close() {
    var unused = ranges.closeAsync();
    var unusedToo = news.closeAsync();
  }
}
