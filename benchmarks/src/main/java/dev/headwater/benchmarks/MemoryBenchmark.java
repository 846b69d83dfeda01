package dev.headwater.benchmarks;

import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Defends logs of references, one entry a commit, and small stream nodes: how much of Redis's
 * memory an event takes with everything that comes with it, against the 313 bytes of its type,
 * metadata and payload. One event a commit and all aggregates in turn, which is the most that it
 * can cost.
 *
 * <p>Contestants: {@code headwater}; {@code limit:xadd}, the same entries in the aggregates'
 * streams and nothing else. Both with everything that Redis allocates for them, its table of keys
 * too, and without what it holds for connections and for its file.
 */
final class MemoryBenchmark {
  private static final String HEADWATER = "headwater";
  private static final String XADD = "limit:xadd";

  static final Work WORK =
      new Work(
          "memory",
          "Redis's memory for an event, as a multiple of its bytes",
          List.of(
              Option.numbers("events", "1,5,20,100", 1, "events of an aggregate"),
              Option.number("total", 400_000, 1, "events of all aggregates"),
              Option.text("node-bytes", "", "stream-node-max-bytes, instead of Headwater's"),
              Option.some("contestants", List.of(HEADWATER, XADD), "who takes part")),
          MemoryBenchmark::run);

  private static final int RAW_BYTES = 313;
  private static final byte[] PAYLOAD = Samples.payloadOfRaw(RAW_BYTES);

  private MemoryBenchmark() {}

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    for (int events : arguments.numbers("events")) {
      for (Filling filling :
          List.of(
              new Filling(
                  HEADWATER,
                  (bench, streams, n) ->
                      Fill.store(bench.store, newOrders(streams), n, 1, PAYLOAD)),
              new Filling(XADD, (bench, streams, n) -> Fill.raw(bench, streams, n, 1, PAYLOAD)))) {
        if (arguments.texts("contestants").contains(filling.contestant())) {
          results.accept(measure(arguments, events, filling));
        }
      }
    }
  }

  private static Measurement measure(Arguments arguments, int events, Filling filling)
      throws IOException {
    int streams = Math.max(1, arguments.number("total") / events);
    int total = streams * events;
    String nodeBytes = arguments.text("node-bytes");
    try (Bench bench =
        Bench.start(
            server ->
                nodeBytes.isEmpty()
                    ? server.withFsync(Fsync.NO)
                    : server.withFsync(Fsync.NO).withSetting("stream-node-max-bytes", nodeBytes))) {
      long before = usedMemory(bench);
      filling.how().fill(bench, streams, events);
      double perEvent = (double) (usedMemory(bench) - before) / total;
      return new Measurement("memory-" + events, filling.contestant())
          .with("events", total)
          .with("bytesPerEvent", perEvent)
          .with("rawBytesPerEvent", RAW_BYTES)
          .with("ratio", perEvent / RAW_BYTES);
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
      String info = connection.sync().info("memory");
      return bytes(info, "used_memory")
          - bytes(info, "mem_clients_normal")
          - bytes(info, "mem_aof_buffer");
    }
  }

  private static long bytes(String info, String field) {
    return info.lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Redis does not tell its " + field));
  }
}
