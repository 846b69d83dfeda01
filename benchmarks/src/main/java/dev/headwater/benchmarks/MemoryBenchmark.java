package dev.headwater.benchmarks;

import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import io.lettuce.core.RedisClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Defends logs of references, one entry a commit, and small stream nodes: how much of Redis's
 * memory an event takes, against the bytes of its type, metadata and payload.
 *
 * <p>{@code --streams 20000}.
 */
public final class MemoryBenchmark {
  private MemoryBenchmark() {}

  /** Runs it for aggregates of 5 and of 20 events. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    for (int events : new int[] {5, 20}) {
      Path folder = Files.createTempDirectory("headwater-benchmark");
      try (RedisServer server = RedisServer.start(RedisServerOptions.in(folder));
          RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(server.uri()));
          RedisClient client = RedisClient.create(server.uri())) {
        int streams = arguments.number("streams", 20_000);
        long before = usedMemory(client);
        long raw = fill(store, streams, events);
        double stored = (double) (usedMemory(client) - before) / streams / events;
        double rawPerEvent = (double) raw / streams / events;
        arguments.print(
            "{\"benchmark\":\"memory\",\"events_per_aggregate\":%d,\"bytes_per_event\":%.1f,"
                + "\"raw_bytes_per_event\":%.1f,\"ratio\":%.2f}",
            "memory: %d events an aggregate: %.1f bytes an event for %.1f raw ones, ratio %.2f",
            events,
            stored,
            rawPerEvent,
            stored / rawPerEvent);
      } finally {
        AppendBenchmark.deleteAll(folder);
      }
    }
  }

  /** One event a commit, all streams in turn: the most that it can cost. */
  private static long fill(RedisEventStore store, int streams, int events) {
    long raw = 0;
    List<StreamId> ids = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      ids.add(Samples.newOrder());
    }
    for (int version = 0; version < events; version++) {
      List<CompletableFuture<AppendResult>> results = new ArrayList<>();
      for (StreamId id : ids) {
        Commit commit = Samples.commit(id, version);
        raw += rawBytes(commit);
        results.add(store.append(commit));
        if (results.size() == 1_000) {
          results.forEach(CompletableFuture::join);
          results.clear();
        }
      }
      results.forEach(CompletableFuture::join);
    }
    return raw;
  }

  private static long rawBytes(Commit commit) {
    long metadata = commit.metadata().toJson().length;
    long bytes = 0;
    for (NewEvent event : commit.events()) {
      bytes += event.type().toString().length() + metadata + event.data().length;
    }
    return bytes;
  }

  private static long usedMemory(RedisClient client) {
    try (var connection = client.connect()) {
      return connection
          .sync()
          .info("memory")
          .lines()
          .filter(line -> line.startsWith("used_memory_dataset:"))
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
          .findFirst()
          .orElseThrow();
    }
  }
}
