package dev.headwater.axon.engine;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisBinary;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The server at {@code HEADWATER_REDIS_URI}, else one of this test's own. */
final class TestRedis implements AutoCloseable {
  private final String uri;
  private final @Nullable RedisServer server;

  private TestRedis(String uri, @Nullable RedisServer server) {
    this.uri = uri;
    this.server = server;
  }

  static TestRedis start(Path folder) {
    String uri = System.getenv("HEADWATER_REDIS_URI");
    if (uri != null && !uri.isBlank()) {
      return new TestRedis(uri, null);
    }
    Path binary = RedisBinary.onPath().orElseGet(RedisBinary::embedded);
    RedisServer server = RedisServer.start(RedisServerOptions.in(folder).withBinary(binary));
    return new TestRedis(server.uri(), server);
  }

  /** Options for a new, empty store of one partition. */
  RedisStoreOptions newStore() {
    return RedisStoreOptions.at(uri).withNamespace("test-" + UUID.randomUUID()).withPartitions(1);
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
