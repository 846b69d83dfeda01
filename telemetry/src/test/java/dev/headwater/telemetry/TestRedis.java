package dev.headwater.telemetry;

import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisBinary;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.store.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A Redis server that the tests of this JVM share; each takes a namespace of its own. */
final class TestRedis {
  private static final AtomicInteger STORES = new AtomicInteger();
  private static final String URI = start();

  private TestRedis() {}

  static RedisEventStore newStore() {
    return RedisEventStore.connect(
        RedisStoreOptions.at(URI)
            .withNamespace("test-" + STORES.incrementAndGet())
            .withPartitions(4)
            .withTimeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5))
            .withDurability(Durability.memory(), Duration.ofMillis(200)));
  }

  private static String start() {
    try {
      Path folder = Files.createTempDirectory("headwater-telemetry-test");
      RedisServer server =
          RedisServer.start(
              RedisServerOptions.in(folder)
                  .withBinary(RedisBinary.onPath().orElseGet(RedisBinary::embedded)));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder)));
      return server.uri();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(RedisServer server, Path folder) {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
