package dev.headwater.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.faults.FaultSummary;
import dev.headwater.process.Fulfilment.Paid;
import dev.headwater.process.Fulfilment.Placed;
import dev.headwater.process.Fulfilment.Released;
import dev.headwater.process.Fulfilment.Reserve;
import dev.headwater.process.Fulfilment.Reserved;
import dev.headwater.process.Fulfilment.Shipped;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.testing.Await;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("faults")
class KilledProcessManagerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static int killed;

  /** What an undisturbed run leads to: paid, not paid in time, reserved by somebody else. */
  private static final Map<String, List<Object>> END =
      Map.of(
          "o1", List.of(new Reserved(2), new Shipped()),
          "o2", List.of(new Reserved(2), new Released("payment")),
          "o3", List.of(new Reserved(7), new Released("Reserve RESERVED_ALREADY")));

  private final OwnRedis redis = new OwnRedis();
  private final RedisStoreOptions options = redis.store().withPartitions(4);
  private final String jdbc = PostgresServer.shared().newDatabase();

  @AfterAll
  static void summarise() throws IOException {
    FaultSummary.add("in all: " + killed + " kills of the process manager");
  }

  @AfterEach
  void end() {
    redis.close();
  }

  @Nested
  class A_process_manager_that_is_killed {
    @ParameterizedTest
    @CsvSource({
      "none, 1",
      "before-state, 1",
      "before-state, 3",
      "after-state, 1",
      "after-state, 3",
      "before-command, 1",
      "before-command, 3",
      "after-command, 1",
      "after-command, 3",
      "before-answered, 2",
      "after-answered, 2",
      "before-ack, 1",
      "after-ack, 1",
      "before-fired, 1",
      "before-fired, 2",
      "after-fired, 1",
      "after-fired, 2"
    })
    void comes_to_the_same_end_as_one_that_is_not(String step, int crossing) throws Exception {
      boolean kill = !step.equals("none");
      FaultSummary.report(
          kill ? "kill -9 of a process manager " + step + ", time " + crossing : "no kill",
          () -> {
            run(step, crossing, kill);
            return END.size() + " orders, each command in the store once, nothing left to do";
          });
    }

    private void run(String step, int crossing, boolean kill) throws Exception {
      try (RedisEventStore store = RedisEventStore.connect(options);
          HikariDataSource database = ReadModelDatabase.postgresql(jdbc, PostgresServer.USER, "")) {
        Migrations.framework(database);
        happen(store);
        Process victim = start(step, crossing);
        if (kill) {
          assertThat(awaitLine(victim, "at " + step)).isTrue();
          victim.destroyForcibly().waitFor();
          killed++;
        }
        Process survivor = kill ? start("none", 1) : victim;
        try {
          Await.until(
              "the end of all orders, was " + outcome(store),
              PATIENCE,
              () -> outcome(store).equals(END) && isDone(database));
        } finally {
          survivor.destroyForcibly().waitFor();
        }
        assertThat(outcome(store)).isEqualTo(END);
      }
    }
  }

  private static void happen(RedisEventStore store) {
    Fulfilment.stock(store)
        .handleAndWait("o3", "somebody", Metadata.at(Instant.now()), new Reserve(7));
    append(store, new StreamId("Order", "o1"), Instant.now(), new Placed("o1"));
    Instant nearlyThen = Instant.now().minus(Fulfilment.PATIENCE).plusSeconds(3);
    append(store, new StreamId("Order", "o2"), nearlyThen, new Placed("o2"));
    append(store, new StreamId("Order", "o3"), Instant.now(), new Placed("o3"));
    append(store, new StreamId("Order", "o1"), Instant.now(), new Paid("o1", 40));
    append(store, new StreamId("Order", "o1"), Instant.now(), new Paid("o1", 60));
  }

  private static void append(RedisEventStore store, StreamId stream, Instant at, Object event) {
    store.appendAndWait(
        new Commit(
            UUID.randomUUID().toString(),
            stream,
            ExpectedVersion.any(),
            Metadata.at(at),
            List.of(Fulfilment.EVENTS.encode(event))));
  }

  private static Map<String, List<Object>> outcome(RedisEventStore store) {
    Map<String, List<Object>> outcome = new TreeMap<>();
    for (String order : END.keySet()) {
      StreamId stock = new StreamId("Stock", order);
      outcome.put(order, store.readAll(stock, 1).map(Fulfilment.EVENTS::decode).toList());
    }
    return outcome;
  }

  /** Nothing is left to be sent, to be reacted to or to be woken for. */
  private static boolean isDone(HikariDataSource database) {
    String sql =
        "SELECT (SELECT COUNT(*) FROM headwater.process_command)"
            + " + (SELECT COUNT(*) FROM headwater.process_timer)"
            + " + (SELECT COUNT(*) FROM headwater.scheduled_tasks)"
            + " + (SELECT COUNT(*) FROM headwater.dead_letter)"
            + " + (SELECT COUNT(*) FROM headwater.process_instance WHERE NOT ended)";
    try (Connection connection = database.getConnection();
        var rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getLong(1) == 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start(String step, int crossing) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            System.getProperty("java.class.path"),
            RunFulfilment.class.getName(),
            redis.server().uri(),
            options.namespace(),
            jdbc,
            step,
            Integer.toString(crossing))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static boolean awaitLine(Process process, String wanted) throws IOException {
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(wanted)) {
        return true;
      }
    }
    return false;
  }
}
