package dev.headwater.benchmarks;

import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProjectionRunner;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Defends references that share a log entry, rows that merge, and checkpoints in their transaction:
 * how fast stored events become a total for each account. {@code rebuild-5}, commits of five
 * events; {@code rebuild-1}, commits of one, which are the most references to follow.
 *
 * <p>Contestants: {@code headwater}, a handler for each event; {@code headwater-five}, five such
 * projections at once, of which the rate of one is told; {@code limit:hand-batched}, the same sums
 * made and written by hand; {@code limit:read}, where nothing is written. All on the same
 * subscription.
 */
final class ProjectionBenchmark {
  private static final int FIVE = 5;
  private static final List<String> CONTESTANTS =
      List.of("headwater", "headwater-five", "limit:hand-batched", "limit:read");

  static final Work WORK =
      new Work(
          "projection",
          "events a second with which read models are made from stored events",
          List.of(
              Option.some(
                  "database",
                  List.of(ReadModelServer.POSTGRESQL, ReadModelServer.H2),
                  "where the read models are"),
              Option.numbers("commit", "5,1", 1, "events of a commit"),
              Option.number("events", 500_000, 1, "events that are stored"),
              Option.some("contestants", CONTESTANTS, "who takes part"),
              Option.number("rounds", 5, 1, "rounds of each contestant, the median counts"),
              Option.number("warm-up", 2, 0, "rounds before that do not count")),
          ProjectionBenchmark::run);

  private final Bench bench;
  private final ReadModelServer database;
  private final int events;

  private ProjectionBenchmark(Bench bench, ReadModelServer database, int events) {
    this.bench = bench;
    this.database = database;
    this.events = events;
  }

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    for (int perCommit : arguments.numbers("commit")) {
      int events = arguments.number("events") / perCommit * perCommit;
      try (Bench bench = Bench.start(server -> server)) {
        AccountEvents.store(bench.store, events, perCommit, new Random(1));
        for (String vendor : arguments.texts("database")) {
          try (ReadModelServer database = ReadModelServer.start(vendor)) {
            new ProjectionBenchmark(bench, database, events)
                .compare("rebuild-" + perCommit, arguments, results);
          }
        }
      }
    }
  }

  private void compare(String work, Arguments arguments, Consumer<Measurement> results)
      throws Exception {
    for (int i = 1; i <= FIVE; i++) {
      database.execute(AccountTotals.ddl(i));
    }
    HandBatched byHand = new HandBatched(bench.store, database);
    HandBatched reader = new HandBatched(bench.store, null);
    Map<String, Body> bodies = new LinkedHashMap<>();
    bodies.put("headwater", () -> project(1));
    bodies.put("headwater-five", () -> project(FIVE));
    bodies.put("limit:hand-batched", () -> byHand(byHand));
    bodies.put("limit:read", () -> time(1, () -> reader.run(events)));
    bodies.keySet().retainAll(arguments.texts("contestants"));
    Map<String, List<Rate>> rates = new LinkedHashMap<>();
    int warmUps = arguments.number("warm-up");
    for (int i = 0; i < warmUps + arguments.number("rounds"); i++) {
      for (Map.Entry<String, Body> body : bodies.entrySet()) {
        Rate rate = body.getValue().round();
        if (i >= warmUps) {
          rates.computeIfAbsent(body.getKey(), name -> new ArrayList<>()).add(rate);
        }
      }
    }
    rates.forEach(
        (contestant, rounds) ->
            results.accept(
                new Measurement(work, contestant)
                    .with("database", database.vendor)
                    .with("events", events)
                    .with("perSecond", median(rounds.stream().map(Rate::perSecond).toList()))
                    .with("serverCpuUs", median(rounds.stream().map(Rate::server).toList()))
                    .with("clientCpuUs", median(rounds.stream().map(Rate::client).toList()))
                    .with("databaseCpuUs", median(rounds.stream().map(Rate::database).toList()))));
  }

  private interface Body {
    Rate round() throws Exception;
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Events a second of each projection, and microseconds of CPU time for each of its events. */
  private record Rate(double perSecond, double server, double client, double database) {}

  private Rate time(int projections, Step step) throws Exception {
    double server = bench.cpu();
    double sql = database.cpu();
    double client = Cpu.own();
    long start = System.nanoTime();
    step.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    double all = (double) events * projections;
    return new Rate(
        events / seconds,
        (bench.cpu() - server) / all,
        (Cpu.own() - client) / all,
        (database.cpu() - sql) / all);
  }

  private Rate project(int count) throws Exception {
    List<AccountTotals> totals =
        IntStream.rangeClosed(1, count).mapToObj(AccountTotals::new).toList();
    for (AccountTotals each : totals) {
      database.execute("DELETE FROM " + each.tableName());
    }
    database.execute("DELETE FROM headwater.projection_checkpoint");
    try (ProjectionRunner runner =
        new ProjectionRunner(bench.store, AccountEvents.CODEC, database.source, totals)) {
      Rate rate =
          time(
              count,
              () -> {
                runner.start();
                Awaited outcome = runner.awaitCaughtUp(Duration.ofMinutes(5));
                if (!(outcome instanceof Awaited.Reached)) {
                  throw new IllegalStateException("the projections do not catch up: " + outcome);
                }
              });
      for (AccountTotals each : totals) {
        check(each.tableName());
      }
      return rate;
    }
  }

  private Rate byHand(HandBatched byHand) throws Exception {
    byHand.reset();
    Rate rate = time(1, () -> byHand.run(events));
    check(byHand.tableName());
    return rate;
  }

  private void check(String table) throws SQLException {
    long fills = database.number("SELECT SUM(fills) FROM " + table);
    if (fills != events) {
      throw new IllegalStateException(
          "table " + table + " has " + fills + " of " + events + " events");
    }
  }

  static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }
}
