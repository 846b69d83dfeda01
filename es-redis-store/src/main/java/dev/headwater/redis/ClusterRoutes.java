package dev.headwater.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A connection to each node of a cluster that holds a partition. */
final class ClusterRoutes implements AppendRoutes {
  private final Connections connections;
  private final Placement placement;
  private final Map<Node, AppendChannel> channels = new ConcurrentHashMap<>();
  private volatile boolean closed;

  ClusterRoutes(Connections connections, Placement placement) {
    this.connections = connections;
    this.placement = placement;
    for (int p = 0; p < placement.partitions(); p++) {
      Node node = placement.of(p);
      if (node != null) {
        channel(node);
      }
    }
  }

  private AppendChannel channel(Node node) {
    AppendChannel channel =
        channels.computeIfAbsent(
            node, where -> new AppendChannel(() -> connections.openAsync(where)));
    if (closed) {
      var unused = channel.closeAsync();
    }
    return channel;
  }

  @Override
  public @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen(int partition) {
    Node node = placement.of(partition);
    return node == null ? null : ifOpen(node);
  }

  @Override
  public @Nullable StatefulRedisConnection<byte[], byte[]> ifOpen(Node node) {
    AppendChannel channel = channels.get(node);
    if (channel == null) {
      channel = channel(node);
    }
    return channel.ifOpen();
  }

  @Override
  public void seek(int partition) {
    placement.refresh();
    Node node = placement.of(partition);
    if (node != null) {
      channel(node).reopen();
    }
    retireUnused();
  }

  /** A node that failed and lost its slots may never come back: don't knock for ever. */
  private void retireUnused() {
    channels.forEach(
        (node, channel) -> {
          if (channel.isIdle() && !placement.isUsed(node) && channels.remove(node, channel)) {
            var unused = channel.closeAsync();
          }
        });
  }

  @Override
  public @Nullable Node redirected(int partition, String answer) {
    Node from = placement.of(partition);
    if (from == null) {
      placement.refresh();
      return null;
    }
    Node to = Node.redirected(answer, from);
    channel(to).reopen();
    if (answer.startsWith("ASK ")) {
      return to;
    }
    placement.moved(partition, to);
    return null;
  }

  @Override
  public void replace(int partition, StatefulRedisConnection<byte[], byte[]> useless) {
    placement.refresh();
    channels.values().forEach(channel -> channel.replace(useless));
  }

  @Override
  public void close() {
    closed = true;
    channels.values().stream()
        .map(AppendChannel::closeAsync)
        .toList()
        .forEach(CompletableFuture::join);
  }
}
