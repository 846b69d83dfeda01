package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateHistory;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Defends loads that share flushes: how many aggregates a second are loaded and folded, for
 * aggregates of 5 and of 1,000 events of 270 bytes.
 *
 * <p>Contestants: {@code headwater}; {@code limit:xrange}, the bare reads of such streams by {@code
 * redis-benchmark} with as many calls under way.
 *
 * <p>Then {@link SnapshotLoad}: an aggregate of 1,000,000 events with a snapshot.
 *
 * <p>Options and their defaults: {@code --events 5,1000 --snapshot 1000000 --tail 0 --concurrency
 * 16 --seconds 3 --rounds 5}.
 */
public final class LoadBenchmark {
  private static final int EVENTS = 200_000;

  private LoadBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    for (int events : arguments.numbers("events", "5,1000")) {
      try (Bench bench = Bench.start(Fsync.EVERYSEC)) {
        int streams = EVENTS / events;
        List<StreamId> all = IntStream.range(0, streams).mapToObj(Fill::stream).toList();
        Fill.store(bench.store, all, events, Samples.payload(270));
        Fill.raw(bench, streams, events, Samples.payload(270));
        for (int concurrency : arguments.numbers("concurrency", "16")) {
          Comparison.run(
              arguments,
              "load-" + events,
              Map.of("fsync", "everysec"),
              contestants(bench, streams, events, concurrency));
        }
      }
    }
    SnapshotLoad.run(arguments);
  }

  private static List<Contestant> contestants(
      Bench bench, int streams, int events, int concurrency) {
    List<Contestant> contestants = new ArrayList<>();
    AggregateHistory<Long, Placed> orders = Samples.orders(bench.store).history();
    contestants.add(
        new Contestant() {
          @Override
          public String name() {
            return "headwater";
          }

          @Override
          public int concurrency() {
            return concurrency;
          }

          @Override
          public Round round(Duration length) throws InterruptedException {
            return ClosedLoop.run(
                concurrency,
                length,
                bench.server.pid(),
                () -> load(orders, ThreadLocalRandom.current().nextInt(streams), events));
          }
        });
    if (RedisBenchmark.isInstalled()) {
      contestants.add(
          new Contestant() {
            @Override
            public String name() {
              return "limit:xrange";
            }

            @Override
            public int concurrency() {
              return concurrency;
            }

            @Override
            public Round round(Duration length) throws Exception {
              return RedisBenchmark.of(bench, concurrency, streams)
                  .run(
                      length,
                      bench.server.pid(),
                      List.of("XRANGE", Fill.rawKey(RedisBenchmark.RANDOM), "-", "+"));
            }
          });
    }
    return contestants;
  }

  private static void load(AggregateHistory<Long, Placed> orders, int which, int events) {
    long found = orders.latest(Fill.stream(which).id()).state();
    if (found != events) {
      throw new IllegalStateException("loaded " + found + " of " + events + " events");
    }
  }
}
