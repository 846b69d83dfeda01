package dev.headwater.benchmarks;

import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.stream.Stream;

/**
 * Defends logs of references, one entry a commit, and small stream nodes: how much of Redis's
 * memory an event takes with everything that comes with it, against the 313 bytes of its type,
 * metadata and payload. One event a commit and all aggregates in turn, which is the most that it
 * can cost.
 *
 * <p>Contestants: {@code headwater}; {@code limit:xadd}, the same entries in the aggregates'
 * streams and nothing else.
 *
 * <p>Options and their defaults: {@code --events 1,5,20,100 --total 400000 --node-bytes} as the
 * framework configures its servers.
 */
public final class MemoryBenchmark {
  private static final int RAW_BYTES = 313;
  private static final byte[] PAYLOAD = Samples.payloadOfRaw(RAW_BYTES);

  private MemoryBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    int total = arguments.number("total", 400_000);
    String nodeBytes = arguments.text("node-bytes", "");
    for (int events : arguments.numbers("events", "1,5,20,100")) {
      for (Filling filling :
          List.of(
              new Filling(
                  "headwater",
                  (bench, streams, n) -> Fill.store(bench.store, newOrders(streams), n, PAYLOAD)),
              new Filling(
                  "limit:xadd", (bench, streams, n) -> Fill.raw(bench, streams, n, PAYLOAD)))) {
        try (Bench bench =
            Bench.start(
                server ->
                    nodeBytes.isEmpty()
                        ? server.withFsync(Fsync.NO)
                        : server
                            .withFsync(Fsync.NO)
                            .withSetting("stream-node-max-bytes", nodeBytes))) {
          long before = usedMemory(bench);
          filling.how().fill(bench, total / events, events);
          double perEvent = (double) (usedMemory(bench) - before) / total;
          new Measurement("memory-" + events, filling.contestant())
              .with("events", total)
              .with("bytesPerEvent", perEvent)
              .with("rawBytesPerEvent", RAW_BYTES)
              .with("ratio", perEvent / RAW_BYTES)
              .print(arguments);
        }
      }
    }
  }

  private interface How {
    void fill(Bench bench, int streams, int events);
  }

  private record Filling(String contestant, How how) {}

  private static List<StreamId> newOrders(int count) {
    return Stream.generate(Samples::newOrder).limit(count).toList();
  }

  private static long usedMemory(Bench bench) {
    try (RedisClient client = RedisClient.create(bench.server.uri());
        var connection = client.connect()) {
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
