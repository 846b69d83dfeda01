package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.axon.AggregateCommands;
import dev.headwater.axon.Buses;
import dev.headwater.axon.CommandMessages;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;

/**
 * Defends group commit, one script call in flight a partition: how many commits a second concurrent
 * handlers reach, and how long each waits. Every handler sends a command to an aggregate of its own
 * (load, decide, append one event of 270 bytes) and waits for the outcome.
 *
 * <p>Contestants: {@code headwater}; {@code headwater-store}, which appends without load and
 * decision; {@code headwater-gateway}, whose commands travel by Axon's command gateway and bus;
 * {@link AxonContestants}; {@code limit:script}, the same script with one commit a call, and {@code
 * limit:xadd}, an event in a stream and nothing else, both by {@code redis-benchmark} with as many
 * calls under way.
 */
final class AppendBenchmark {
  static final Work WORK =
      new Work(
          "append",
          "commits a second of concurrent command handlers, each to an aggregate of its own",
          Comparison.options(
              List.of(
                  "headwater",
                  "headwater-store",
                  "headwater-gateway",
                  "headwater-axon",
                  "axon-jpa",
                  "limit:script",
                  "limit:xadd"),
              Option.numbers("concurrency", "1,64,256", 1, "handlers"),
              Option.numbers("axon-concurrency", "64", 1, "where those on Axon take part"),
              Option.fsync()),
          AppendBenchmark::run);

  /** Its last 12 digits differ from call to call. */
  private static final String ID = "00000000-0000-4000-8000-000000000001";

  private static final int IDS = Integer.MAX_VALUE;

  private AppendBenchmark() {}

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    Comparison comparison = new Comparison(arguments, results);
    for (Fsync fsync : arguments.fsyncs()) {
      for (int concurrency : arguments.numbers("concurrency")) {
        List<Contestant> contestants = new ArrayList<>(contestants(fsync, concurrency));
        if (arguments.numbers("axon-concurrency").contains(concurrency)) {
          contestants.add(AxonContestants.headwater(concurrency, fsync));
          contestants.add(AxonContestants.jpa(concurrency));
        }
        comparison.run("append", Samples.fields(fsync), contestants);
      }
    }
  }

  private static List<Contestant> contestants(Fsync fsync, int concurrency) {
    return List.of(
        OnBench.contestant(
            "headwater",
            concurrency,
            fsync,
            (bench, length) -> {
              AggregateRuntime<Placed, Long, Placed> orders = Samples.orders(bench.store);
              return ClosedLoop.run(
                  concurrency, length, bench::cpu, () -> handle(orders, Samples.newId()));
            }),
        OnBench.contestant(
            "headwater-store",
            concurrency,
            fsync,
            (bench, length) ->
                ClosedLoop.run(
                    concurrency,
                    length,
                    bench::cpu,
                    () -> append(bench, Samples.commit(Samples.newOrder(), 0)))),
        OnBench.contestant(
            "headwater-gateway",
            concurrency,
            fsync,
            (bench, length) -> {
              CommandGateway gateway = gateway(Samples.orders(bench.store));
              return ClosedLoop.run(concurrency, length, bench::cpu, () -> send(gateway));
            }),
        OnBench.contestant(
            "limit:script",
            concurrency,
            fsync,
            (bench, length) -> script(bench, concurrency, length)),
        OnBench.contestant(
            "limit:xadd",
            concurrency,
            fsync,
            (bench, length) ->
                RedisBenchmark.of(bench, concurrency, IDS)
                    .run(length, Samples.rawAppend(Fill.rawKey(RedisBenchmark.RANDOM)))));
  }

  /** The script's call for one commit, again and again, each time with new ids. */
  static Round script(Bench bench, int concurrency, Duration length) throws Exception {
    Commit commit = Samples.commit(ID, new StreamId("Order", ID), 0, Samples.payload(270));
    List<String> call = RecordedCall.of(bench.server, "EVALSHA", () -> append(bench, commit));
    Round round = RedisBenchmark.of(bench, concurrency, IDS).run(length, withRandomIds(call));
    checkStored(bench, round);
    return round;
  }

  private static void handle(AggregateRuntime<Placed, Long, Placed> orders, String id) {
    requireAccepted(
        id, orders.handleAndWait(id, Samples.newId(), Samples.metadata(), Placed.SAMPLE));
  }

  private static CommandGateway gateway(AggregateRuntime<Placed, Long, Placed> orders) {
    CommandBus bus = Buses.commandBus();
    AggregateCommands.subscribe(bus, Placed.class, orders, Clock.systemUTC());
    return Buses.commandGateway(bus);
  }

  private static void send(CommandGateway gateway) {
    String id = Samples.newId();
    requireAccepted(
        id,
        gateway.sendAndWait(
            CommandMessages.of(id, Samples.newId(), Samples.metadata(), Placed.SAMPLE),
            CommandOutcome.class));
  }

  private static void requireAccepted(String id, @Nullable Object outcome) {
    if (!(outcome instanceof Accepted<?>)) {
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

  /**
   * A call that changed nothing would be no limit for one that does. The script stores nothing for
   * an id or a new stream that it has seen before, so this proves that both differ from call to
   * call; by chance, a few are equal.
   */
  private static void checkStored(Bench bench, Round round) {
    long stored =
        IntStream.range(0, bench.store.partitionCount())
            .mapToLong(p -> bench.store.head(p).sequence())
            .sum();
    if (stored < 0.99 * round.count()) {
      throw new IllegalStateException(
          "the script stored only " + stored + " of " + round.count() + " commits");
    }
  }

  private static List<String> withRandomIds(List<String> call) {
    String random = ID.substring(0, ID.length() - 12) + RedisBenchmark.RANDOM;
    return call.stream().map(word -> word.replace(ID, random)).toList();
  }
}
