package dev.headwater.redis;

import static dev.headwater.redis.Commits.newStream;

import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.NamedRedis;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Servers that store durably in one way or another, and replicas of them, for tests. */
final class TestServers {
  private static final Duration SHORT = Duration.ofMillis(200);

  private TestServers() {}

  /** The usual program, and those that {@code HEADWATER_REDIS_SERVERS} names. */
  static Stream<Path> binaries() {
    return Stream.concat(Stream.of(TestRedis.binary()), NamedRedis.binaries());
  }

  static RedisServer start(Path binary, Fsync fsync) {
    return RedisServer.start(options(binary, fsync));
  }

  static RedisServerOptions options(Path binary, Fsync fsync) {
    return RedisServerOptions.in(TestRedis.newFolder())
        .withBinary(binary)
        .withFsync(fsync)
        .withSetting("repl-diskless-sync-delay", "0"); // else a first replica waits for others
  }

  static RedisServer replicaOf(RedisServer primary, Path binary) {
    RedisServer replica =
        RedisServer.start(
            options(binary, Fsync.EVERYSEC)
                .withSetting("replicaof", "127.0.0.1 " + primary.port()));
    tell(
        primary,
        redis -> {
          redis.set("in-step", "yes"); // to wait for: one that has just begun takes its time
          return redis.waitForReplication(1, 10_000);
        });
    return replica;
  }

  static EventStore open(String uri) {
    return RedisEventStore.connect(
        RedisStoreOptions.at(uri)
            .withPartitions(4)
            .withDurability(Durability.memory(), SHORT)
            .withNamespace("test-" + newStream().id()));
  }

  static <T> T tell(RedisServer server, Function<RedisCommands<String, String>, T> what) {
    try (RedisClient client = RedisClient.create(server.uri());
        var connection = client.connect()) {
      return what.apply(connection.sync());
    }
  }

  static boolean hasWaitAof(RedisServer server) {
    return tell(server, redis -> redis.commandInfo("waitaof")).getFirst() instanceof List<?> info
        && !info.isEmpty();
  }

  static void signal(RedisServer server, String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(server.pid())).start().waitFor();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
