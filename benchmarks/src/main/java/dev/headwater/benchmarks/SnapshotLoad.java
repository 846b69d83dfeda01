package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.aggregate.AggregateHistory;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.Snapshot;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of {@link LoadBenchmark} that defends one script for snapshot and tail: one aggregate of
 * {@code --snapshot} events is loaded from the snapshot of a small state that is {@code --tail}
 * events back. The limit is that script.
 */
final class SnapshotLoad {
  private static final StreamId STREAM = Fill.stream(0);

  private SnapshotLoad() {}

  static void run(Arguments arguments, Comparison comparison) throws Exception {
    int events = arguments.number("snapshot");
    int tail = arguments.number("tail");
    if (tail >= events) {
      throw new WrongUsage("--tail takes less than --snapshot " + events + ", was: " + tail);
    }
    try (Bench bench = Bench.start(Fsync.EVERYSEC)) {
      fill(bench.store, events);
      long version = (long) events - tail;
      String commit = commitOf(version);
      byte[] state = Long.toString(version).getBytes(UTF_8);
      if (!bench.store.saveSnapshot(
          STREAM, new Snapshot(version, commit, Samples.STATE.schema(), state))) {
        throw new IllegalStateException("the snapshot was not kept");
      }
      Map<String, Object> fields = new LinkedHashMap<>(Samples.fields(Fsync.EVERYSEC));
      fields.put("tail", tail);
      for (int concurrency : arguments.numbers("concurrency")) {
        comparison.run("load-snapshot", fields, contestants(bench, events, concurrency));
      }
    }
  }

  private static String commitOf(long version) {
    return "commit-" + (version - 1) / Commit.MAX_EVENTS;
  }

  private static void fill(RedisEventStore store, int events) {
    for (int version = 0; version < events; version += Commit.MAX_EVENTS) {
      int count = Math.min(Commit.MAX_EVENTS, events - version);
      Commit commit =
          Samples.commit(commitOf(version + 1L), STREAM, version, count, Samples.payload(270));
      if (!(store.appendAndWait(commit) instanceof Appended)) {
        throw new IllegalStateException(STREAM + " has another writer");
      }
    }
  }

  private static List<Contestant> contestants(Bench bench, int events, int concurrency)
      throws IOException {
    AggregateHistory<Long, Placed> orders = Samples.ordersWithSnapshots(bench.store).history();
    List<String> call =
        List.of(
            "EVALSHA",
            script(bench),
            "2",
            key(bench.store, "snap"),
            key(bench.store, "s"),
            Samples.STATE.schema(),
            "100");
    return List.of(
        Contestant.of(
            "headwater",
            concurrency,
            length -> ClosedLoop.run(concurrency, length, bench::cpu, () -> load(orders, events))),
        Contestant.of(
            "limit:script",
            concurrency,
            length -> RedisBenchmark.of(bench, concurrency, 1).run(length, call)));
  }

  private static String key(RedisEventStore store, String kind) {
    return "headwater:{" + store.partitionOf(STREAM) + "}:" + kind + ":" + STREAM;
  }

  private static String script(Bench bench) throws IOException {
    try (InputStream in = RedisEventStore.class.getResourceAsStream("load.lua");
        RedisClient client = RedisClient.create(bench.server.uri());
        var connection = client.connect()) {
      return connection.sync().scriptLoad(in.readAllBytes());
    }
  }

  private static void load(AggregateHistory<Long, Placed> orders, int events) {
    long found = orders.latest(STREAM.id()).state();
    if (found != events) {
      throw new IllegalStateException("loaded " + found + " of " + events + " events");
    }
  }
}
