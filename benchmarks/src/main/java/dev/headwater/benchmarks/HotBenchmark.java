package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.util.List;
import java.util.function.Consumer;

/**
 * Defends mailboxes, in which commands to one aggregate are decided back to back without waiting
 * for each other's round trip: how many commands a second callers get through to ONE aggregate.
 *
 * <p>Contestants: {@code headwater}; {@code limit:xadd}, an event in one stream and nothing else,
 * by {@code redis-benchmark} with as many calls under way.
 */
final class HotBenchmark {
  static final Work WORK =
      new Work(
          "hot",
          "commands a second that callers get through to ONE aggregate",
          Comparison.options(
              List.of("headwater", "limit:xadd"),
              Option.numbers("concurrency", "64,256", 1, "callers"),
              Option.fsync()),
          HotBenchmark::run);

  private HotBenchmark() {}

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    Comparison comparison = new Comparison(arguments, results);
    for (Fsync fsync : arguments.fsyncs()) {
      for (int callers : arguments.numbers("concurrency")) {
        comparison.run("hot", Samples.fields(fsync), contestants(fsync, callers));
      }
    }
  }

  private static List<Contestant> contestants(Fsync fsync, int callers) {
    return List.of(
        OnBench.contestant(
            "headwater",
            callers,
            fsync,
            (bench, length) -> {
              AggregateRuntime<Placed, Long, Placed> orders = Samples.orders(bench.store);
              return ClosedLoop.run(callers, length, bench::cpu, () -> handle(orders));
            }),
        OnBench.contestant(
            "limit:xadd",
            callers,
            fsync,
            (bench, length) ->
                RedisBenchmark.of(bench, callers, 1)
                    .run(length, Samples.rawAppend(Fill.rawKey("000000000001")))));
  }

  private static void handle(AggregateRuntime<Placed, Long, Placed> orders) {
    var outcome = orders.handleAndWait("hot", Samples.newId(), Samples.metadata(), Placed.SAMPLE);
    if (!(outcome instanceof Accepted<Placed>)) {
      throw new IllegalStateException("the order takes every command, but " + outcome);
    }
  }
}
