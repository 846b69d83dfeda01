package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.aggregate.AggregateHistory;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Snapshot;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The part of {@link LoadBenchmark} that defends one script for snapshot and tail: one aggregate of
 * {@code --snapshot 1000000} events (0 leaves it out) is loaded from the snapshot of a small state
 * that is {@code --tail 0} events back.
 */
final class SnapshotLoad {
  private static final StreamId STREAM = Fill.stream(0);

  private SnapshotLoad() {}

  static void run(Arguments arguments) throws Exception {
    int events = arguments.number("snapshot", 1_000_000);
    if (events == 0) {
      return;
    }
    try (Bench bench = Bench.start(Fsync.EVERYSEC)) {
      fill(bench.store, events);
      long version = (long) events - arguments.number("tail", 0);
      String commit = commitOf(version);
      byte[] state = Long.toString(version).getBytes(UTF_8);
      if (!bench.store.saveSnapshot(
          STREAM, new Snapshot(version, commit, Samples.STATE.schema(), state))) {
        throw new IllegalStateException("the snapshot was not kept");
      }
      for (int concurrency : arguments.numbers("concurrency", "16")) {
        Comparison.run(
            arguments,
            "load-snapshot",
            Map.of("fsync", "everysec", "tail", events - version),
            contestants(bench, events, concurrency));
      }
    }
  }

  private static String commitOf(long version) {
    return "commit-" + (version - 1) / Commit.MAX_EVENTS;
  }

  private static void fill(RedisEventStore store, int events) {
    var event = Samples.commit(STREAM, 0).events().getFirst();
    for (int version = 0; version < events; version += Commit.MAX_EVENTS) {
      int count = Math.min(Commit.MAX_EVENTS, events - version);
      var unused =
          store.appendAndWait(
              new Commit(
                  commitOf(version + 1L),
                  STREAM,
                  ExpectedVersion.exactly(version),
                  Samples.metadata(),
                  Collections.nCopies(count, event)));
    }
  }

  private static List<Contestant> contestants(Bench bench, int events, int concurrency)
      throws IOException {
    List<Contestant> contestants = new ArrayList<>();
    AggregateHistory<Long, Placed> orders = Samples.ordersWithSnapshots(bench.store).history();
    contestants.add(
        Contestant.of(
            "headwater",
            concurrency,
            length ->
                ClosedLoop.run(
                    concurrency, length, bench.server.pid(), () -> load(orders, events))));
    if (RedisBenchmark.isInstalled()) {
      List<String> call =
          List.of(
              "EVALSHA",
              script(bench),
              "2",
              key(bench.store, "snap"),
              key(bench.store, "s"),
              Samples.STATE.schema(),
              "100");
      contestants.add(
          Contestant.of(
              "limit:script",
              concurrency,
              length ->
                  RedisBenchmark.of(bench, concurrency, 1).run(length, bench.server.pid(), call)));
    }
    return contestants;
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
