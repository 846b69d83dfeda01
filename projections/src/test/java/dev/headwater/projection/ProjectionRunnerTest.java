package dev.headwater.projection;

import static dev.headwater.projection.Accounts.BALANCE;
import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Accounts.withdrawn;
import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.awaitState;
import static dev.headwater.projection.Fixture.balances;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.Accounts.Ledger;
import dev.headwater.projection.Accounts.Renamed;
import dev.headwater.projection.Accounts.Withdrawn;
import dev.headwater.readmodel.Migrations;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProjectionRunnerTest extends OnEachDatabase {
  @Nested
  class Events_reach_the_read_model {
    @Test
    void in_memory_from_end_to_end() {
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        Accounts.append(fixture.store, "alice", deposited("alice", 100), withdrawn("alice", 30));
        assertCaughtUp(runner);
        assertThat(balances(database)).containsEntry("alice", new BigDecimal("70.00"));
      }
    }

    @Test
    void those_stored_before_and_those_stored_while_it_runs() throws Exception {
      fixture.deposit(2_000);
      RunnerSettings settings = Fixture.QUICK.withBatchEvents(500);
      try (ProjectionRunner runner =
          fixture.runner(database, settings, new Balances(), new Ledger())) {
        Thread writer = Thread.ofPlatform().start(() -> fixture.deposit(5_000));
        runner.start();
        writer.join();
        assertCaughtUp(runner);
        awaitState(runner, "balances", ProjectionState.LIVE);
        fixture.deposit(100);
        assertCaughtUp(runner);
        assertThat(balances(database)).isEqualTo(fixture.expected());
        assertThat(Fixture.ledger(database)).isEqualTo(fixture.expected());
      }
    }

    @Test
    void once_although_the_runner_is_stopped_and_started() {
      for (int i = 0; i < 5; i++) {
        fixture.deposit(300);
        RunnerSettings settings = Fixture.QUICK.withBatchEvents(100);
        try (ProjectionRunner runner = fixture.runner(database, settings, new Balances())) {
          runner.start();
          if (i == 4) {
            assertCaughtUp(runner);
          }
        }
      }
      assertThat(balances(database)).isEqualTo(fixture.expected());
    }

    @Test
    void passing_over_those_of_types_without_a_handler() {
      fixture.deposit(10);
      Position last = Accounts.append(fixture.store, "a0", new Renamed("a0", "Ada"));
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertThat(runner.await(last, "balances", LONG)).isEqualTo(new Awaited.Reached());
      }
      assertThat(
              number(
                  database,
                  "SELECT sequence FROM headwater.projection_checkpoint WHERE partition_no = "
                      + last.partition()))
          .isEqualTo(last.sequence());
    }

    @Test
    void in_each_handler_whose_class_fits() {
      Projection both =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              on.event(
                  Accounts.AccountEvent.class,
                  (event, recorded, rows) -> rows.at(BALANCE, "all").add("movements", 1));
              on.event(
                  Withdrawn.class,
                  (event, recorded, rows) -> rows.at(BALANCE, "out").add("movements", 1));
            }
          };
      Accounts.append(fixture.store, "a", deposited("a", 1), withdrawn("a", 1));
      try (ProjectionRunner runner = fixture.runner(database, both)) {
        runner.start();
        assertCaughtUp(runner);
      }
      String movements = "SELECT movements FROM account_balance WHERE account = ";
      assertThat(number(database, movements + "'all'")).isEqualTo(2);
      assertThat(number(database, movements + "'out'")).isEqualTo(1);
    }
  }

  @Nested
  class Whoever_writes_can_wait_for_the_read_model {
    @Test
    void and_then_reads_what_was_written() {
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        for (int i = 1; i <= 50; i++) {
          Position position = Accounts.append(fixture.store, "me", deposited("me", 1));
          assertThat(runner.await(position, "balances", LONG)).isEqualTo(new Awaited.Reached());
          assertThat(balances(database)).containsEntry("me", new BigDecimal(i).setScale(2));
        }
      }
    }

    @Test
    void for_a_limited_time() {
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        Position position = Accounts.append(fixture.store, "me", deposited("me", 1));
        Position later = new Position(position.partition(), position.epoch(), 2, "2-0");
        assertThat(runner.await(later, "balances", Duration.ofMillis(50)))
            .isInstanceOf(Awaited.TimedOut.class);
      }
    }

    @Test
    void for_all_projections_and_is_told_at_once_of_one_that_does_not_run() throws Exception {
      CountDownLatch go = new CountDownLatch(1);
      Projection slow =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              on.event(Deposited.class, (event, recorded, rows) -> Uninterrupted.run(go::await));
            }
          };
      Projection broken =
          new Ledger() {
            @Override
            public void define(EventHandlers on) {
              on.event(
                  Deposited.class,
                  (event, recorded, rows) -> {
                    throw new IllegalStateException("broken");
                  });
            }
          };
      Accounts.append(fixture.store, "me", deposited("me", 1));
      RunnerSettings none = Fixture.QUICK.withParking(ParkingLimit.of(0));
      try (ProjectionRunner runner = fixture.runner(database, none, slow, broken)) {
        runner.start();
        Awaited outcome = runner.awaitCaughtUp(LONG);
        go.countDown();
        assertThat(outcome)
            .isInstanceOfSatisfying(
                Awaited.Halted.class,
                halted -> assertThat(halted.status().projection()).isEqualTo("ledger"));
      }
    }

    @Test
    void and_is_told_if_the_projection_does_not_run() {
      Position position = Accounts.append(fixture.store, "me", deposited("me", 1));
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        assertThat(runner.await(position, "balances", LONG)).isInstanceOf(Awaited.Halted.class);
      }
    }
  }

  @Nested
  class Status_shows {
    @Test
    void how_far_each_partition_has_come() {
      fixture.deposit(100);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        assertThat(runner.status("balances").state()).isEqualTo(ProjectionState.STOPPED);
        runner.start();
        assertCaughtUp(runner);
        ProjectionStatus status = awaitState(runner, "balances", ProjectionState.LIVE);
        assertThat(status.applied()).isEqualTo(300);
        assertThat(status.lag()).isZero();
        assertThat(status.partitions()).hasSize(4);
        assertThat(status.eventsPerSecond()).isPositive();
        assertThat(status.lastError()).isNull();
      }
    }

    @Test
    void the_same_to_analysts() {
      fixture.deposit(100);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertCaughtUp(runner);
        Fixture.await(() -> heads() == 300);
        String status = " FROM headwater.projection_partition_status WHERE projection = 'balances'";
        assertThat(number(database, "SELECT SUM(applied_sequence)" + status)).isEqualTo(300);
        assertThat(number(database, "SELECT SUM(lag_events)" + status)).isZero();
        assertThat(number(database, "SELECT COUNT(moved_at)" + status)).isEqualTo(4);
      }
    }

    private long heads() {
      return number(
          database, "SELECT SUM(head_sequence) FROM headwater.projection_partition_status");
    }
  }

  @Nested
  class A_runner_is_refused {
    @Test
    void if_its_projections_get_in_each_others_way() {
      assertThatThrownBy(() -> fixture.runner(database, new Balances(), new Balances()))
          .hasMessage("two projections are balances@1");
      Projection other =
          new Balances() {
            @Override
            public String name() {
              return "other";
            }
          };
      assertThatThrownBy(() -> fixture.runner(database, new Balances(), other))
          .hasMessage("table account_balance belongs to projection balances@1 and other@1");
    }

    @Test
    void if_a_projection_has_no_name_or_no_handler() {
      Projection nothing =
          new Balances() {
            @Override
            public void define(EventHandlers on) {}
          };
      assertThatThrownBy(() -> fixture.runner(database, nothing))
          .hasMessage("projection balances handles no event; see define(EventHandlers)");
      Projection nameless =
          new Balances() {
            @Override
            public String name() {
              return "no name";
            }
          };
      assertThatThrownBy(() -> fixture.runner(database, nameless))
          .hasMessageContaining("was: 'no name'");
    }

    @Test
    void if_the_pool_has_too_few_connections_for_its_projections() {
      database.setMaximumPoolSize(2);
      assertThatThrownBy(() -> fixture.runner(database, new Balances(), new Ledger()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the database's pool has 2 connections, but a runner needs one for each projection"
                  + " and two more: 4");
    }

    @Test
    void with_advice_if_the_schemas_were_not_made() {
      try (HikariDataSource empty = vendor.open()) {
        try (ProjectionRunner runner = fixture.runner(empty, new Balances())) {
          runner.start();
          assertThat(awaitState(runner, "balances", ProjectionState.FAILED).lastError())
              .startsWithIgnoringCase("there is no table account_balance in schema PUBLIC");
        }
        Migrations.application(empty, "classpath:db/accounts");
        try (ProjectionRunner runner = fixture.runner(empty, new Balances())) {
          runner.start();
          assertThat(awaitState(runner, "balances", ProjectionState.FAILED).lastError())
              .contains("call Migrations.framework(dataSource) first");
        }
      }
    }
  }

  @Nested
  class A_store_that_went_back_stops_the_projection {
    @Test
    void until_it_is_rebuilt() {
      fixture.deposit(10);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertCaughtUp(runner);
      }
      InMemoryEventStore other = new InMemoryEventStore(4);
      Accounts.append(other, "new", deposited("new", 5));
      EventCodec codec = Accounts.CODEC;
      try (ProjectionRunner runner =
          new ProjectionRunner(other, codec, database, List.of(new Balances()), Fixture.QUICK)) {
        runner.start();
        ProjectionStatus status = awaitState(runner, "balances", ProjectionState.STOPPED);
        Fixture.await(() -> runner.status("balances").lastError() != null);
        assertThat(runner.status("balances").lastError()).contains("rebuild it");
        assertThat(status.state()).isEqualTo(ProjectionState.STOPPED);
        assertThat(balances(database)).isEqualTo(fixture.expected());
        assertThat(runner.replay(Set.of("balances"), ProgressListener.NONE))
            .isEqualTo(new Awaited.Reached());
        assertThat(balances(database)).containsOnlyKeys("new");
      }
    }
  }
}
