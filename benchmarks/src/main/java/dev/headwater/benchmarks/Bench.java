package dev.headwater.benchmarks;

import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.UnaryOperator;

/**
 * A Redis server in a temporary folder, as the framework configures it, and a store on it. Its
 * append-only file is not rewritten: at these rates a rewrite would fall into most rounds and take
 * one of two cores, where otherwise it comes once for each doubling of the data.
 */
final class Bench implements AutoCloseable {
  private final Path folder;
  final RedisServer server;
  final RedisEventStore store;

  private Bench(Path folder, RedisServer server, RedisEventStore store) {
    this.folder = folder;
    this.server = server;
    this.store = store;
  }

  static Bench start(Fsync fsync) throws IOException {
    return start(options -> options.withFsync(fsync));
  }

  static Bench start(UnaryOperator<RedisServerOptions> configuration) throws IOException {
    Path folder = Files.createTempDirectory("headwater-benchmark");
    RedisServer server =
        RedisServer.start(
            configuration.apply(
                RedisServerOptions.in(folder).withSetting("auto-aof-rewrite-percentage", "0")));
    return new Bench(folder, server, RedisEventStore.connect(RedisStoreOptions.at(server.uri())));
  }

  /** CPU time that the server has used, in microseconds. */
  double cpu() {
    return Cpu.of(server.pid());
  }

  @Override
  public void close() throws IOException {
    store.close();
    server.close();
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
