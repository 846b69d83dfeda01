package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Defends mailboxes, in which commands to one aggregate are decided back to back without waiting
 * for each other's round trip: how many commands a second callers get through to ONE aggregate.
 *
 * <p>Contestants: {@code headwater}; {@code limit:xadd}, an event in one stream and nothing else,
 * by {@code redis-benchmark} with as many calls under way.
 *
 * <p>Options and their defaults: {@code --concurrency 64,256 --fsync everysec --seconds 3 --rounds
 * 5}.
 */
public final class HotBenchmark {
  private HotBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    for (String name : arguments.texts("fsync", "everysec")) {
      Fsync fsync = Fsync.valueOf(name.toUpperCase(Locale.ROOT));
      for (int callers : arguments.numbers("concurrency", "64,256")) {
        Comparison.run(arguments, "hot", Map.of("fsync", name), contestants(fsync, callers));
      }
    }
  }

  private static List<Contestant> contestants(Fsync fsync, int callers) {
    List<Contestant> contestants = new ArrayList<>();
    contestants.add(
        new OnBench("headwater", callers, fsync) {
          @Override
          Round round(Bench bench, Duration length) throws InterruptedException {
            AggregateRuntime<Placed, Long, Placed> orders = Samples.orders(bench.store);
            return ClosedLoop.run(callers, length, bench.server.pid(), () -> handle(orders));
          }
        });
    if (RedisBenchmark.isInstalled()) {
      contestants.add(
          new OnBench("limit:xadd", callers, fsync) {
            @Override
            Round round(Bench bench, Duration length) throws Exception {
              return RedisBenchmark.of(bench, callers, 1)
                  .run(length, bench.server.pid(), Samples.rawAppend(Fill.rawKey("000000000001")));
            }
          });
    }
    return contestants;
  }

  private static void handle(AggregateRuntime<Placed, Long, Placed> orders) {
    var outcome = orders.handleAndWait("hot", Samples.newId(), Samples.metadata(), Placed.SAMPLE);
    if (!(outcome instanceof Accepted<Placed>)) {
      throw new IllegalStateException("the order takes every command, but " + outcome);
    }
  }
}
