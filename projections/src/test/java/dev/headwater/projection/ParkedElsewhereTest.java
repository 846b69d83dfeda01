package dev.headwater.projection;

import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Fixture.versionsOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.StreamId;
import dev.headwater.projection.OperatorProcess.Operator;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Parked aggregates are resolved by a process of its own, and by a second pool beside it. */
class ParkedElsewhereTest {
  private static final StreamId A = new StreamId("Account", "a");
  private static final int EVENTS = 1_000;
  private static final int POISON_EVERY = 25;

  private final RedisStoreOptions options = TestRedis.shared().newStore();
  private final Poison poison = new Poison();
  private RedisEventStore store;
  private String url;
  private HikariDataSource database;

  @BeforeEach
  void open() {
    store = RedisEventStore.connect(options);
    url = PostgresServer.shared().newDatabase();
    database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
    Fixture.migrate(database);
    LongStream.rangeClosed(1, EVENTS / POISON_EVERY).forEach(i -> poison.at("a", i * POISON_EVERY));
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
  }

  private Thread writer() {
    return Thread.ofPlatform()
        .start(
            () -> {
              for (int i = 0; i < EVENTS; i++) {
                Accounts.append(store, "a", deposited("a", i));
                Accounts.append(store, "b", deposited("b", i));
              }
            });
  }

  /** Which events operators left out, in order; each decision is recorded once. */
  private List<Long> skipped() {
    return new ParkedAggregates(store, Accounts.CODEC, database, List.of(poison))
        .decisions("balances", A).stream()
            .filter(ParkingDecision.Skip.class::isInstance)
            .map(decision -> ((ParkingDecision.Skip) decision).version())
            .toList();
  }

  @Nested
  class While_the_projection_runs_and_events_keep_coming {
    @Test
    void operators_of_two_processes_at_once_neither_lose_nor_overtake_nor_repeat_an_event()
        throws Exception {
      Process process = OperatorProcess.start(options, url);
      try (HikariDataSource second = ReadModelDatabase.postgresql(url, PostgresServer.USER, "", 4);
          ProjectionRunner runner =
              new ProjectionRunner(
                  store, Accounts.CODEC, database, List.of(poison), Fixture.QUICK)) {
        runner.start();
        Operator operator = new Operator(store, second, "pool");
        Thread writer = writer();
        do {
          operator.work();
        } while (writer.isAlive() || !isDone(runner));
        process.outputWriter().write("end\n");
        process.outputWriter().flush();
        int byProcess = Integer.parseInt(process.inputReader().readLine());
        assertThat(byProcess + operator.resolved()).isGreaterThanOrEqualTo(EVENTS / POISON_EVERY);
        assertThat(byProcess).isPositive();
        assertThat(operator.resolved()).isPositive();
      } finally {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      List<Long> skipped = skipped();
      assertThat(skipped).doesNotHaveDuplicates().isNotEmpty();
      List<Long> expected = new ArrayList<>(LongStream.rangeClosed(1, EVENTS).boxed().toList());
      assertThat(versionsOf(database, "b")).isEqualTo(expected);
      expected.removeAll(skipped);
      assertThat(versionsOf(database, "a")).isEqualTo(expected);
      assertThat(Fixture.balances(database)).isEqualTo(Fixture.ledger(database));
    }

    private boolean isDone(ProjectionRunner runner) {
      return runner.awaitCaughtUp(Duration.ofMillis(10)).equals(new Awaited.Reached())
          && Fixture.number(database, "SELECT COUNT(*) FROM headwater.parked_aggregate") == 0;
    }
  }
}
