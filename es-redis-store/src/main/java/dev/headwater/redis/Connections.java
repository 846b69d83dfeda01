package dev.headwater.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Opens connections to one server. None of them times its commands, because a timer object a
 * command costs more than the command; who waits watches the time.
 */
final class Connections implements AutoCloseable {
  private final RedisStoreOptions options;
  private final RedisURI uri;
  private final SslOptions ssl;
  private final ClientResources resources;
  private final RedisClient once;
  private final RedisClient replaying;

  Connections(RedisStoreOptions options) {
    this.options = options;
    this.uri = options.redisUri();
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
    RedisClient client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(whenDisconnected)
            .protocolVersion(ProtocolVersion.RESP2) // runs everywhere; RESP3 measured no faster
            .timeoutOptions(TimeoutOptions.create())
            .sslOptions(ssl)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(options.connectTimeout())
                    .keepAlive(true)
                    .build())
            .build());
    return client;
  }

  /** For commands that may not be executed twice: they fail with the connection. */
  StatefulRedisConnection<byte[], byte[]> open() {
    return open(once);
  }

  /** For reads: what was under way is sent again after a reconnect. */
  StatefulRedisConnection<byte[], byte[]> openReplaying() {
    return open(replaying);
  }

  /** Like {@link #open}, without blocking. */
  CompletableFuture<StatefulRedisConnection<byte[], byte[]>> openAsync() {
    return once.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
  }

  private StatefulRedisConnection<byte[], byte[]> open(RedisClient client) {
    try {
      return client.connect(ByteArrayCodec.INSTANCE);
    } catch (RuntimeException e) {
      throw Unreachable.because(options, e);
    }
  }

  @Override
  public void close() {
    once.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    replaying.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
  }
}
