package dev.headwater.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.effect.EffectSettings;
import dev.headwater.effect.EffectSite;
import dev.headwater.effect.EffectTest;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.process.Fulfilment.Paid;
import dev.headwater.process.Fulfilment.Placed;
import dev.headwater.process.Fulfilment.Released;
import dev.headwater.process.Fulfilment.Reserve;
import dev.headwater.process.Fulfilment.Reserved;
import dev.headwater.process.Fulfilment.Shipped;
import dev.headwater.process.Fulfilment.StockCommand;
import dev.headwater.process.Fulfilment.StockEvent;
import dev.headwater.redis.testing.TwoUsersStore;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@EffectTest
class ProcessRunnerTest {
  private static final EffectSettings QUICK =
      EffectSettings.DEFAULT
          .withAttempts(50, Duration.ofMillis(5), Duration.ofMillis(50))
          .withAbandonedAfter(Duration.ofSeconds(1));
  private static final Duration LOOK = Duration.ofMillis(100);

  @Parameter private EffectSite site;
  private TwoUsersStore<?, ?> store;
  private AggregateRuntime<StockCommand, Integer, StockEvent> stock;
  private HikariDataSource database;

  @BeforeEach
  void open() {
    store = site.openStore();
    stock = Fulfilment.stock(store);
    database = site.openDatabase();
  }

  @AfterEach
  void end() {
    database.close();
    store.close();
  }

  private ProcessRunner run(SendCommand<StockCommand> sender) {
    ProcessRunner runner =
        ProcessRunner.create(
            Fulfilment.parts(sender), store, Fulfilment.EVENTS, database, QUICK, LOOK);
    runner.start();
    return runner;
  }

  private void append(StreamId stream, Instant at, Object... events) {
    store.appendAndWait(
        new Commit(
            UUID.randomUUID().toString(),
            stream,
            ExpectedVersion.any(),
            Metadata.at(at).withCause("shop", null),
            Arrays.stream(events).map(Fulfilment.EVENTS::encode).toList()));
  }

  private void place(String order) {
    append(new StreamId("Order", order), Instant.now(), new Placed(order));
  }

  private void pay(String order, int amount) {
    append(new StreamId("Payment", order), Instant.now(), new Paid(order, amount));
  }

  private List<Object> stockOf(String order) {
    return store.readAll(new StreamId("Stock", order), 1).map(Fulfilment.EVENTS::decode).toList();
  }

  private static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  private long count(String table) {
    try (Connection connection = database.getConnection();
        var rows =
            connection.createStatement().executeQuery("SELECT COUNT(*) FROM headwater." + table)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Nested
  class Events_of_several_aggregates {
    @Test
    void lead_to_commands_once_each() {
      try (ProcessRunner running = run(stock::handleAndWait)) {
        for (int i = 0; i < 20; i++) {
          place("o" + i);
        }
        for (int i = 0; i < 20; i++) {
          String order = "o" + i;
          await("reserved", () -> stockOf(order).size() == 1);
        }
        for (int i = 0; i < 20; i++) {
          pay("o" + i, 60);
          pay("o" + i, 60);
        }
        for (int i = 0; i < 20; i++) {
          String order = "o" + i;
          await("shipped", () -> stockOf(order).equals(List.of(new Reserved(2), new Shipped())));
        }
        await("no timers", () -> count("process_timer") == 0 && count("scheduled_tasks") == 0);
        await("no commands", () -> count("process_command") == 0);
        assertThat(running.status().lastError()).isNull();
      }
    }

    @Test
    void name_themselves_as_the_cause_of_the_commands() {
      place("o1");
      try (ProcessRunner running = run(stock::handleAndWait)) {
        await("reserved", () -> stockOf("o1").size() == 1);
        RecordedEvent placed = store.readAll(new StreamId("Order", "o1"), 1).toList().getFirst();
        RecordedEvent reserved = store.readAll(new StreamId("Stock", "o1"), 1).toList().getFirst();
        assertThat(reserved.metadata().causationId()).isEqualTo(placed.commitId());
        assertThat(reserved.metadata().correlationId()).isEqualTo("shop");
        assertThat(reserved.metadata().actor()).isEqualTo("process fulfilment");
        assertThat(running.status()).isNotNull();
      }
    }
  }

  @Nested
  class A_timer {
    @Test
    void wakes_the_instance_when_it_is_due_though_the_runner_that_set_it_is_gone() {
      Instant nearlyThen = Instant.now().minus(Fulfilment.PATIENCE).plusSeconds(2);
      append(new StreamId("Order", "o1"), nearlyThen, new Placed("o1"));
      try (ProcessRunner running = run(stock::handleAndWait)) {
        await("reserved", () -> stockOf("o1").size() == 1);
        assertThat(running.status()).isNotNull();
      }
      assertThat(count("process_timer")).isEqualTo(1);

      try (ProcessRunner running = run(stock::handleAndWait)) {
        await("released", () -> stockOf("o1").size() == 2);
        await("done", () -> count("scheduled_tasks") == 0);
        assertThat(running.status()).isNotNull();
      }
      assertThat(stockOf("o1")).containsExactly(new Reserved(2), new Released("payment"));
    }
  }

  @Nested
  class A_command_that_is_rejected {
    @Test
    void is_an_input_of_the_process() {
      stock.handleAndWait(
          "o1", "before", Metadata.at(Instant.now()), new Reserve(7)); // so the process's is not
      place("o1");
      try (ProcessRunner running = run(stock::handleAndWait)) {
        await("released", () -> stockOf("o1").size() == 2);
        assertThat(running.status()).isNotNull();
      }
      assertThat(stockOf("o1"))
          .containsExactly(new Reserved(7), new Released("Reserve RESERVED_ALREADY"));
    }
  }

  @Nested
  class A_command_whose_answer_is_lost {
    @Test
    void is_sent_again_under_the_same_id_and_counts_once() {
      Set<String> ids = ConcurrentHashMap.newKeySet();
      SendCommand<StockCommand> forgetful =
          (aggregateId, commandId, metadata, command) -> {
            CommandOutcome<?> outcome =
                stock.handleAndWait(aggregateId, commandId, metadata, command);
            if (ids.add(commandId)) {
              throw new IllegalStateException("answer lost");
            }
            return outcome;
          };
      place("o1");
      try (ProcessRunner running = run(forgetful)) {
        await("reserved", () -> stockOf("o1").size() == 1); // streams have no order among them
        pay("o1", 100);
        await("shipped", () -> count("process_command") == 0 && stockOf("o1").size() == 2);
        assertThat(running.status()).isNotNull();
      }
      assertThat(ids).hasSize(2);
    }
  }
}
