package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.readmodel.Table;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Defends waiting at the server for news, and one transaction for rows and checkpoints: how long it
 * takes from a command's acceptance until its row is visible in the read model, with commands that
 * are sent at their time whatever became of those before. {@code idle}: what a projection costs the
 * server that has nothing to do.
 */
final class LatencyBenchmark {
  static final Work WORK =
      new Work(
          "latency",
          "time from an accepted command to its row in the read model",
          List.of(
              Option.some(
                  "database",
                  List.of(ReadModelServer.POSTGRESQL, ReadModelServer.H2),
                  "where the read model is"),
              Option.number("per-second", 1_000, 1, "commands that are sent in a second"),
              Option.decimal("seconds", "10", "how long"),
              Option.decimal("idle-seconds", "10", "how long to do nothing"),
              Option.decimal("warm-up-seconds", "10", "how long before it counts")),
          LatencyBenchmark::run);

  private static final Table ORDERS =
      Table.named("placed").key("id").columns("side", "price", "quantity");
  private static final long LONGEST = Duration.ofMinutes(1).toNanos();

  private final Bench bench;
  private final ReadModelServer database;
  private final ProjectionRunner runner;
  private final AggregateRuntime<Placed, Long, Placed> orders;

  private LatencyBenchmark(Bench bench, ReadModelServer database, ProjectionRunner runner) {
    this.bench = bench;
    this.database = database;
    this.runner = runner;
    this.orders = Samples.orders(bench.store);
  }

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    EventCodec codec = EventCodec.builder().event("OrderPlaced", 1, Placed.class).build();
    for (String vendor : arguments.texts("database")) {
      try (Bench bench = Bench.start(server -> server);
          ReadModelServer database = ReadModelServer.start(vendor)) {
        database.execute(
            "CREATE TABLE placed (id VARCHAR(50) PRIMARY KEY, side VARCHAR(4), price BIGINT,"
                + " quantity BIGINT)");
        try (ProjectionRunner runner =
            new ProjectionRunner(bench.store, codec, database.source, List.of(new Orders()))) {
          runner.start();
          LatencyBenchmark benchmark = new LatencyBenchmark(bench, database, runner);
          int rate = arguments.number("per-second");
          benchmark.load(rate, arguments.decimal("warm-up-seconds"));
          results.accept(benchmark.load(rate, arguments.decimal("seconds")));
          results.accept(benchmark.idle(arguments.decimal("idle-seconds")));
        }
      }
    }
  }

  private static final class Orders implements Projection {
    @Override
    public String name() {
      return "placed";
    }

    @Override
    public List<Table> tables() {
      return List.of(ORDERS);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          Placed.class,
          (event, recorded, rows) ->
              rows.at(ORDERS, recorded.stream().id())
                  .set("side", event.side())
                  .set("price", event.price())
                  .set("quantity", event.quantity()));
    }
  }

  private Measurement load(int perSecond, double seconds) throws Exception {
    Histogram sinceAccepted = new ConcurrentHistogram(LONGEST, 3);
    Histogram sinceDue = new ConcurrentHistogram(LONGEST, 3);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    int commands = (int) (perSecond * seconds);
    AtomicInteger shown = new AtomicInteger();
    double server = bench.cpu();
    double sql = database.cpu();
    double client = Cpu.own();
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < commands; i++) {
        long due = begin + (long) (i * 1e9 / perSecond);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        threads.execute(
            () -> {
              try {
                Position position = place();
                long accepted = System.nanoTime();
                await(position);
                long visible = System.nanoTime();
                sinceAccepted.recordValue(visible - accepted);
                sinceDue.recordValue(visible - due);
                shown.incrementAndGet();
              } catch (RuntimeException e) {
                failure.set(e);
              }
            });
      }
    }
    double took = (System.nanoTime() - begin) / 1e9;
    Throwable failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("a command was not shown", failed);
    }
    return new Measurement("latency", "headwater")
        .with("database", database.vendor)
        .with("perSecond", shown.get() / took)
        .with("p50us", sinceAccepted.getValueAtPercentile(50) / 1e3)
        .with("p99us", sinceAccepted.getValueAtPercentile(99) / 1e3)
        .with("dueP50us", sinceDue.getValueAtPercentile(50) / 1e3)
        .with("dueP99us", sinceDue.getValueAtPercentile(99) / 1e3)
        .with("serverCpuUs", (bench.cpu() - server) / commands)
        .with("clientCpuUs", (Cpu.own() - client) / commands)
        .with("databaseCpuUs", (database.cpu() - sql) / commands);
  }

  private Position place() {
    var outcome =
        orders.handleAndWait(Samples.newId(), Samples.newId(), Samples.metadata(), Placed.SAMPLE);
    if (outcome instanceof Accepted<Placed> accepted) {
      return accepted.receipt().position();
    }
    throw new IllegalStateException("nobody else writes, but " + outcome);
  }

  private void await(Position position) {
    Awaited outcome = runner.await(position, "placed", Duration.ofSeconds(30));
    if (!(outcome instanceof Awaited.Reached)) {
      throw new IllegalStateException("the projection does not show " + position + ": " + outcome);
    }
  }

  private Measurement idle(double seconds) throws InterruptedException {
    double server = bench.cpu();
    long begin = System.nanoTime();
    Thread.sleep((long) (seconds * 1_000));
    double micros = (System.nanoTime() - begin) / 1e3;
    return new Measurement("idle", "headwater")
        .with("database", database.vendor)
        .with("partitions", bench.store.partitionCount())
        .with("serverCpuPercent", 100 * (bench.cpu() - server) / micros);
  }
}
