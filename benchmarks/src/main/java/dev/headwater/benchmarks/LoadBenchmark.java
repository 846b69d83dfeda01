package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateHistory;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.Commit;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Defends loads that share flushes: how many aggregates a second are loaded and folded, for
 * aggregates of 5 and of 1,000 events of 270 bytes.
 *
 * <p>Contestants: {@code headwater}; {@code limit:xrange}, the bare reads of such streams by {@code
 * redis-benchmark} with as many calls under way.
 *
 * <p>Then {@link SnapshotLoad}: an aggregate of 1,000,000 events with a snapshot.
 */
final class LoadBenchmark {
  static final Work WORK =
      new Work(
          "load",
          "aggregates loaded and folded a second",
          Comparison.options(
              List.of("headwater", "limit:xrange", "limit:script"),
              Option.numbers("events", "5,1000", 0, "events of an aggregate, 0 leaves it out"),
              Option.number("total", 200_000, 1, "events of all these aggregates"),
              Option.number("snapshot", 1_000_000, 0, "events before it, 0 leaves it out"),
              Option.number("tail", 0, 0, "of these, how many the snapshot is behind"),
              Option.numbers("concurrency", "16", 1, "loads at a time")),
          LoadBenchmark::run);

  private LoadBenchmark() {}

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    Comparison comparison = new Comparison(arguments, results);
    for (int events : arguments.numbers("events")) {
      if (events > 0) {
        run(arguments, events, comparison);
      }
    }
    if (arguments.number("snapshot") > 0) {
      SnapshotLoad.run(arguments, comparison);
    }
  }

  private static void run(Arguments arguments, int events, Comparison comparison) throws Exception {
    int streams = Math.max(1, arguments.number("total") / events);
    int atOnce = Math.min(events, Commit.MAX_EVENTS);
    byte[] payload = Samples.payload(270);
    try (Bench bench = Bench.start(Fsync.EVERYSEC)) {
      List<StreamId> all = IntStream.range(0, streams).mapToObj(Fill::stream).toList();
      Fill.store(bench.store, all, events, atOnce, payload);
      Fill.raw(bench, streams, events, atOnce, payload);
      for (int concurrency : arguments.numbers("concurrency")) {
        comparison.run(
            "load-" + events,
            Samples.fields(Fsync.EVERYSEC),
            contestants(bench, streams, events, concurrency));
      }
    }
  }

  private static List<Contestant> contestants(
      Bench bench, int streams, int events, int concurrency) {
    AggregateHistory<Long, Placed> orders = Samples.orders(bench.store).history();
    return List.of(
        Contestant.of(
            "headwater",
            concurrency,
            length ->
                ClosedLoop.run(
                    concurrency,
                    length,
                    bench::cpu,
                    () -> load(orders, ThreadLocalRandom.current().nextInt(streams), events))),
        Contestant.of(
            "limit:xrange",
            concurrency,
            length ->
                RedisBenchmark.of(bench, concurrency, streams)
                    .run(length, List.of("XRANGE", Fill.rawKey(RedisBenchmark.RANDOM), "-", "+"))));
  }

  private static void load(AggregateHistory<Long, Placed> orders, int which, int events) {
    long found = orders.latest(Fill.stream(which).id()).state();
    if (found != events) {
      throw new IllegalStateException("loaded " + found + " of " + events + " events");
    }
  }
}
