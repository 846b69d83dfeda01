package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Defends group commit, one script call in flight a partition: how many commits a second concurrent
 * handlers reach, and how long each waits. Every handler sends a command to an aggregate of its own
 * (load, decide, append one event of 270 bytes) and waits for the outcome.
 *
 * <p>Contestants: {@code headwater}; {@code headwater-store}, which appends without load and
 * decision; {@code limit:script}, the same script with one commit a call, and {@code limit:xadd},
 * an event in a stream and nothing else, both by {@code redis-benchmark} with as many calls under
 * way.
 *
 * <p>Options and their defaults: {@code --concurrency 1,64,256 --fsync everysec --seconds 3
 * --rounds 5}.
 */
public final class AppendBenchmark {
  /** Its last 12 digits differ from call to call. */
  private static final String ID = "00000000-0000-4000-8000-000000000001";

  private static final int IDS = Integer.MAX_VALUE;

  private AppendBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    for (String name : arguments.texts("fsync", "everysec")) {
      Fsync fsync = Fsync.valueOf(name.toUpperCase(Locale.ROOT));
      for (int concurrency : arguments.numbers("concurrency", "1,64,256")) {
        Comparison.run(arguments, "append", Map.of("fsync", name), contestants(fsync, concurrency));
      }
    }
  }

  private static List<Contestant> contestants(Fsync fsync, int concurrency) {
    List<Contestant> contestants = new ArrayList<>();
    contestants.add(
        new OnBench("headwater", concurrency, fsync) {
          @Override
          Round round(Bench bench, Duration length) throws InterruptedException {
            AggregateRuntime<Placed, Long, Placed> orders = Samples.orders(bench.store);
            return ClosedLoop.run(
                concurrency, length, bench.server.pid(), () -> handle(orders, Samples.newId()));
          }
        });
    contestants.add(
        new OnBench("headwater-store", concurrency, fsync) {
          @Override
          Round round(Bench bench, Duration length) throws InterruptedException {
            return ClosedLoop.run(
                concurrency,
                length,
                bench.server.pid(),
                () -> append(bench, Samples.commit(Samples.newOrder(), 0)));
          }
        });
    if (RedisBenchmark.isInstalled()) {
      contestants.add(
          new OnBench("limit:script", concurrency, fsync) {
            @Override
            Round round(Bench bench, Duration length) throws Exception {
              List<String> call =
                  RecordedCall.of(
                      bench.server,
                      "EVALSHA",
                      () ->
                          append(
                              bench,
                              Samples.commit(
                                  ID, new StreamId("Order", ID), 0, Samples.payload(270))));
              Round round =
                  RedisBenchmark.of(bench, concurrency, IDS)
                      .run(length, bench.server.pid(), withRandomIds(call));
              checkStored(bench, round, length);
              return round;
            }
          });
      contestants.add(
          new OnBench("limit:xadd", concurrency, fsync) {
            @Override
            Round round(Bench bench, Duration length) throws Exception {
              List<String> call = Samples.rawAppend(Fill.rawKey(RedisBenchmark.RANDOM));
              return RedisBenchmark.of(bench, concurrency, IDS)
                  .run(length, bench.server.pid(), call);
            }
          });
    }
    return contestants;
  }

  private static void handle(AggregateRuntime<Placed, Long, Placed> orders, String id) {
    var outcome = orders.handleAndWait(id, Samples.newId(), Samples.metadata(), Placed.SAMPLE);
    if (!(outcome instanceof Accepted<Placed>)) {
      throw new IllegalStateException("nobody else writes to " + id + ", but " + outcome);
    }
  }

  private static void append(Bench bench, Commit commit) {
    var result = bench.store.appendAndWait(commit);
    if (!(result instanceof Appended)) {
      throw new IllegalStateException(
          "nobody else writes to " + commit.stream() + ", but " + result);
    }
  }

  /** A call that changed nothing would be no limit for one that does. */
  private static void checkStored(Bench bench, Round round, Duration length) {
    long stored =
        IntStream.range(0, bench.store.partitionCount())
            .mapToLong(p -> bench.store.head(p).sequence())
            .sum();
    if (stored < 0.5 * round.perSecond() * length.toMillis() / 1e3) {
      throw new IllegalStateException("the script stored only " + stored + " commits");
    }
  }

  private static List<String> withRandomIds(List<String> call) {
    String random = ID.substring(0, ID.length() - 12) + RedisBenchmark.RANDOM;
    return call.stream().map(word -> word.replace(ID, random)).toList();
  }
}
