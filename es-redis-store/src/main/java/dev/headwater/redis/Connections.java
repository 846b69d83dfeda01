package dev.headwater.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to a server, to the primary that sentinels name or to the nodes of a cluster.
 * None of them times its commands, because a timer object a command costs more than the command;
 * who waits watches the time.
 */
final class Connections implements AutoCloseable {
  private static final Duration TOPOLOGY_PERIOD = Duration.ofSeconds(30);
  private static final Duration TOPOLOGY_PAUSE = Duration.ofMillis(250);
  private static final Duration TOPOLOGY_TIMEOUT = Duration.ofSeconds(2);

  private final RedisStoreOptions options;
  private final RedisAddress servers;
  private final SslOptions ssl;
  private final ClientResources resources;
  private final RedisClient once;
  private final RedisClient replaying;
  private @Nullable RedisClusterClient cluster;

  /**
   * Finds out whether the server is part of a cluster.
   *
   * @throws dev.headwater.store.StoreUnavailableException if none can be reached
   */
  static Connections to(RedisStoreOptions options) {
    Connections connections = new Connections(options);
    try {
      if (connections.isCluster()) {
        connections.cluster = connections.clusterClient();
      }
      return connections;
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private Connections(RedisStoreOptions options) {
    this.options = options;
    this.servers = options.servers();
    this.ssl = options.tls().sslOptions();
    this.resources =
        DefaultClientResources.builder()
            .reconnectDelay(
                Delay.exponential(
                    Duration.ofMillis(5), Duration.ofMillis(500), 2, TimeUnit.MILLISECONDS))
            .build();
    this.once = client(DisconnectedBehavior.REJECT_COMMANDS);
    this.replaying = client(DisconnectedBehavior.DEFAULT);
  }

  private RedisClient client(DisconnectedBehavior whenDisconnected) {
    RedisClient client = RedisClient.create(resources, servers.seeds().getFirst());
    client.setOptions(options(ClientOptions.builder(), whenDisconnected).build());
    return client;
  }

  private RedisClusterClient clusterClient() {
    for (RedisURI seed : servers.seeds()) {
      if (seed.getTimeout().compareTo(TOPOLOGY_TIMEOUT) > 0) {
        seed.setTimeout(TOPOLOGY_TIMEOUT); // a node that is cut off holds up what all wait for
      }
    }
    RedisClusterClient client = RedisClusterClient.create(resources, servers.seeds());
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    // Nothing waits for a node that is gone: its slots may be elsewhere.
    options(builder, DisconnectedBehavior.REJECT_COMMANDS);
    client.setOptions(
        builder
            .validateClusterNodeMembership(false) // a redirection may know better
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(TOPOLOGY_PERIOD)
                    .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
                    .build())
            .build());
    return client;
  }

  private ClientOptions.Builder options(
      ClientOptions.Builder builder, DisconnectedBehavior whenDisconnected) {
    return builder
        .disconnectedBehavior(whenDisconnected)
        .protocolVersion(ProtocolVersion.RESP2) // runs everywhere; RESP3 measured no faster
        .timeoutOptions(TimeoutOptions.create())
        .sslOptions(ssl)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(options.connectTimeout())
                .keepAlive(true)
                .build());
  }

  /** Asks the first server that answers. Who may not ask says it in the URI. */
  private boolean isCluster() {
    try (var connection = open()) {
      return servers.cluster() || connection.sync().info("cluster").contains("cluster_enabled:1");
    } catch (RedisCommandExecutionException e) {
      return false;
    } catch (RedisException e) {
      throw Unreachable.because(options, e);
    }
  }

  /** Whether one server holds all partitions. */
  boolean isSingle() {
    return cluster == null;
  }

  /** For commands that may not be executed twice: they fail with the connection. */
  StatefulRedisConnection<byte[], byte[]> open() {
    RuntimeException failure = null;
    for (RedisURI seed : servers.seeds()) {
      try {
        return once.connect(ByteArrayCodec.INSTANCE, seed);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    throw Unreachable.because(options, Objects.requireNonNull(failure));
  }

  /** Like {@link #open}, without blocking. */
  CompletableFuture<StatefulRedisConnection<byte[], byte[]>> openAsync() {
    return openAsync(servers.seeds().getFirst());
  }

  /** Like {@link #openAsync()}, to a node of the cluster. */
  CompletableFuture<StatefulRedisConnection<byte[], byte[]>> openAsync(Node node) {
    RedisURI uri = RedisURI.builder(servers.seeds().getFirst()).build();
    uri.setHost(node.host());
    uri.setPort(node.port());
    return openAsync(uri);
  }

  private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> openAsync(RedisURI uri) {
    return once.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
  }

  /**
   * For reads of any partition. What is under way is sent again after a reconnect to a server, and
   * fails with its node in a cluster.
   */
  Line openLine() {
    return open(replaying);
  }

  /**
   * Replaces a line on which an answer did not come in time: its server may not be the primary any
   * more.
   */
  Line replace(Line silent) {
    if (cluster != null) {
      var unused = cluster.refreshPartitionsAsync(); // the line finds the nodes by that
      return silent;
    }
    Line fresh = openLine();
    var unused = silent.connection().closeAsync();
    return fresh;
  }

  /** For reads of any partition that fail with the connection. */
  Line openFailingLine() {
    return open(once);
  }

  private Line open(RedisClient single) {
    try {
      return cluster == null
          ? Line.to(single.connect(ByteArrayCodec.INSTANCE))
          : Line.to(cluster.connect(ByteArrayCodec.INSTANCE));
    } catch (RuntimeException e) {
      throw Unreachable.because(options, e);
    }
  }

  /** Which node holds what; null where there is one server only. */
  @Nullable Placement placement(Keys keys) {
    return cluster == null ? null : new Placement(cluster, keys);
  }

  @Override
  public void close() {
    if (cluster != null) {
      cluster.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
    once.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    replaying.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
  }
}
