package dev.headwater.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionStatus;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.Table;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Defends leases that live with their instance: how long after SIGKILL to one of two processes the
 * other one shows an event of each partition that the killed one ran. The lease time itself is the
 * limit.
 */
final class TakeoverBenchmark {
  static final Work WORK =
      new Work(
          "takeover",
          "milliseconds from kill -9 of an instance until another one shows the events of its"
              + " partitions",
          List.of(
              Option.number("rounds", 9, 1, "rounds, the median counts"),
              Option.number("lease-ms", 2_000, 100, "lease time in milliseconds")),
          TakeoverBenchmark::run);

  static final EventCodec CODEC =
      EventCodec.builder().event("OrderPlaced", 1, Placed.class).build();

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String USER = "postgres";

  private TakeoverBenchmark() {}

  /** Counts orders by their side. */
  static final class Counts implements Projection {
    private static final Table TABLE = Table.named("order_count").key("side").columns("orders");

    @Override
    public String name() {
      return "counts";
    }

    @Override
    public List<Table> tables() {
      return List.of(TABLE);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          Placed.class, (event, recorded, rows) -> rows.at(TABLE, event.side()).add("orders", 1));
    }
  }

  static RunnerSettings settings(Duration lease) {
    return RunnerSettings.DEFAULT.withLease(lease, Duration.ofSeconds(1));
  }

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    int rounds = arguments.number("rounds");
    Duration lease = Duration.ofMillis(arguments.number("lease-ms"));
    try (Bench bench = Bench.start(Fsync.EVERYSEC);
        EmbeddedPostgres postgres =
            EmbeddedPostgres.builder().setServerConfig("fsync", "on").start()) {
      String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
      try (HikariDataSource database = ReadModelDatabase.postgresql(url, USER, "")) {
        migrate(database);
        List<Double> millis = new ArrayList<>();
        try (ProjectionRunner survivor =
            new ProjectionRunner(
                bench.store, CODEC, database, List.of(new Counts()), settings(lease))) {
          survivor.start();
          for (int i = 0; i < rounds; i++) {
            millis.add(round(bench, url, survivor, lease));
          }
        }
        millis.sort(null);
        results.accept(
            measurement("headwater", lease)
                .with("rounds", rounds)
                .with("takeoverMs", millis.get(rounds / 2))
                .with("worstMs", millis.getLast()));
        results.accept(
            measurement("limit:lease", lease).with("takeoverMs", (double) lease.toMillis()));
      }
    }
  }

  private static Measurement measurement(String contestant, Duration lease) {
    return new Measurement("takeover", contestant)
        .with("database", "postgresql")
        .with("leaseMs", lease.toMillis());
  }

  private static void migrate(HikariDataSource database) throws Exception {
    Migrations.framework(database);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE order_count (side VARCHAR(10) PRIMARY KEY, orders BIGINT)");
    }
  }

  private static double round(Bench bench, String url, ProjectionRunner survivor, Duration lease)
      throws Exception {
    Process victim = TakeoverVictim.start(bench.server.uri(), url, USER, lease);
    try {
      int half = bench.store.partitionCount() / 2;
      await(survivor, half);
      append(bench); // the victim works
      require(survivor.awaitCaughtUp(PATIENCE));
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(lease.toMillis()));
    } finally {
      victim.destroyForcibly();
    }
    long killed = System.nanoTime();
    for (Position position : append(bench)) {
      require(survivor.await(position, "counts", PATIENCE));
    }
    return (System.nanoTime() - killed) / 1e6;
  }

  private static void await(ProjectionRunner runner, int partitions) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (runner.status("counts").partitions().stream()
            .filter(ProjectionStatus.Partition::here)
            .count()
        != partitions) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the work is not shared: " + runner.status());
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static void require(Awaited outcome) {
    if (!(outcome instanceof Awaited.Reached)) {
      throw new IllegalStateException("the projection does not catch up: " + outcome);
    }
  }

  /** Appends an event to each partition, at least. */
  private static List<Position> append(Bench bench) {
    Map<Integer, Position> positions = new HashMap<>();
    while (positions.size() < bench.store.partitionCount()) {
      byte[] payload = CODEC.encode(Placed.SAMPLE).data();
      var commit = Samples.commit(Samples.newId(), Samples.newOrder(), 0, payload);
      Position position =
          ((AppendResult.Appended) bench.store.appendAndWait(commit)).receipt().position();
      positions.put(position.partition(), position);
    }
    return List.copyOf(positions.values());
  }
}
