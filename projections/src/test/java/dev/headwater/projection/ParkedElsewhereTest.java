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
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parked aggregates are resolved by a process of its own, and by a second pool beside it. */
class ParkedElsewhereTest {
  private static final StreamId A = new StreamId("Account", "a");
  private static final int POISON_EVERY = 25;

  /** So often each operator has to be the faster one. */
  private static final int ENOUGH = 5;

  @TempDir private Path folder;
  private RedisServer redis;
  private final Poison poison = new Poison();
  private RedisEventStore store;
  private String url;
  private HikariDataSource database;

  @BeforeEach
  void open() {
    redis =
        RedisServer.start(
            RedisServerOptions.in(folder.resolve("redis")).withBinary(TestRedis.binary()));
    store = RedisEventStore.connect(RedisStoreOptions.at(redis.uri()).withPartitions(4));
    url = PostgresServer.shared().newDatabase();
    database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
    Fixture.migrate(database);
    LongStream.rangeClosed(1, 10_000).forEach(i -> poison.at("a", i * POISON_EVERY));
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
    redis.close();
  }

  /** Appends until it is told to stop; how many events each account has got. */
  private CompletableFuture<Long> writer(AtomicBoolean stop) {
    return CompletableFuture.supplyAsync(
        () -> {
          long events = 0;
          while (!stop.get()) {
            events++;
            Accounts.append(store, "a", deposited("a", events));
            Accounts.append(store, "b", deposited("b", events));
          }
          return events;
        });
  }

  /** How often an operator was of use, as it is recorded. */
  private long resolved(String who) {
    return Fixture.number(
        database,
        "SELECT COUNT(*) FROM headwater.parked_decision WHERE who = '"
            + who
            + "' AND (action = 'skip' OR applied_events > 0)");
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
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Long> written;
      Process process = OperatorProcess.start(redis.uri(), url);
      try (HikariDataSource second = ReadModelDatabase.postgresql(url, PostgresServer.USER, "", 4);
          ProjectionRunner runner =
              new ProjectionRunner(
                  store, Accounts.CODEC, database, List.of(poison), Fixture.QUICK)) {
        runner.start();
        Operator operator = new Operator(store, second, "pool");
        written = writer(stop);
        while (resolved("process") < ENOUGH || resolved("pool") < ENOUGH || skipped().isEmpty()) {
          operator.work();
          assertThat(process.isAlive()).as("the operator's process").isTrue();
        }
        stop.set(true);
        written.join();
        while (!isDone(runner)) {
          operator.work();
        }
      } finally {
        stop.set(true);
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      List<Long> skipped = skipped();
      assertThat(skipped).doesNotHaveDuplicates().isNotEmpty();
      List<Long> expected =
          new ArrayList<>(LongStream.rangeClosed(1, written.join()).boxed().toList());
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
