package dev.headwater.redis.testing;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisBinary;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Redis server that the tests of one JVM share; each takes its own namespace. It ends with the
 * JVM.
 */
public final class TestRedis {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  /** A server that outlives this JVM may serve another one with the same process id. */
  private static final String STARTED = Long.toString(System.currentTimeMillis(), 36);

  private final String uri;
  private final String description;

  private TestRedis(String uri, String description) {
    this.uri = uri;
    this.description = description;
  }

  /**
   * The server that the environment offers: the one at {@code HEADWATER_REDIS_URI}, else one in
   * Docker if an engine answers and has the image {@code redis:7.0}, else the {@code redis-server}
   * on the PATH, else the embedded one.
   */
  public static TestRedis shared() {
    return Shared.REDIS;
  }

  /** The embedded one, which is the oldest that is supported. */
  public static TestRedis embedded() {
    return Embedded.REDIS;
  }

  private static final class Shared {
    static final TestRedis REDIS = choose();

    private static TestRedis choose() {
      String uri = System.getenv("HEADWATER_REDIS_URI");
      if (uri != null && !uri.isBlank()) {
        return new TestRedis(uri, "the server at HEADWATER_REDIS_URI");
      }
      return DockerRedis.start()
          .map(found -> new TestRedis(found, "redis:7.0 in Docker"))
          .or(() -> RedisBinary.onPath().map(binary -> local(binary, "redis-server on the PATH")))
          .orElseGet(TestRedis::embedded);
    }
  }

  private static final class Embedded {
    static final TestRedis REDIS = local(RedisBinary.embedded(), "the embedded server");
  }

  /** A cluster of three primaries with a replica each, by the address of one node. */
  public static TestRedis cluster() {
    return Cluster.REDIS;
  }

  // Lives as long as the JVM.
  @SuppressWarnings("resource")
  private static final class Cluster {
    static final TestRedis REDIS =
        new TestRedis(new RedisCluster(1, Fsync.EVERYSEC).uri(0), "a cluster");
  }

  private static TestRedis local(Path binary, String description) {
    RedisServer server = RedisServer.start(RedisServerOptions.in(newFolder()).withBinary(binary));
    return new TestRedis(server.uri(), description);
  }

  /** A namespace that no store has. */
  static String newNamespace() {
    return "test-"
        + STARTED
        + "-"
        + ProcessHandle.current().pid()
        + "-"
        + NAMESPACES.incrementAndGet();
  }

  /** A folder that is deleted when the JVM ends. */
  public static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("headwater-redis-test");
      FolderCleanup.atExit(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The program that tests start servers of their own with: that on the PATH or the embedded one.
   */
  public static Path binary() {
    return Optional.ofNullable(System.getenv("HEADWATER_REDIS_BINARY"))
        .map(Path::of)
        .or(RedisBinary::onPath)
        .orElseGet(RedisBinary::embedded);
  }

  /** Its address. */
  public String uri() {
    return uri;
  }

  /** Options for a new, empty store of 4 partitions in a namespace of its own. */
  public RedisStoreOptions newStore() {
    return RedisStoreOptions.at(uri).withNamespace(newNamespace()).withPartitions(4);
  }

  @Override
  public String toString() {
    return description;
  }
}
