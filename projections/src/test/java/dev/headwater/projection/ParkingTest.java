package dev.headwater.projection;

import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.balances;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.Accounts.Ledger;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DatabaseTest
class ParkingTest extends ParkingFixture {
  @Nested
  class An_event_that_can_not_be_handled_parks_its_aggregate {
    @Test
    void and_all_others_flow() {
      fixture.deposit(100);
      poison.at("a7", 4);
      project(poison);
      assertThat(balances(database))
          .containsAllEntriesOf(expectedWithout("a7"))
          .containsEntry("a7", new BigDecimal(7 + 8 + 9).setScale(2));
      assertThat(versionsOf("a7")).containsExactly(1L, 2L, 3L);
      ParkedAggregate seven = parked(poison).list().getFirst();
      assertThat(seven.stream()).isEqualTo(account("a7"));
      assertThat(seven.projection()).hasToString("balances@1");
      assertThat(seven.failedVersion()).isEqualTo(4);
      assertThat(seven.errorClass()).isEqualTo("IllegalStateException");
      assertThat(seven.error()).isEqualTo("IllegalStateException: poison");
      assertThat(seven.attempts()).isEqualTo(1);
      assertThat(seven.waitingEvents()).isEqualTo(27);
      assertThat(parked(poison).list()).hasSize(1);
    }

    @Test
    void and_its_later_events_wait_in_order() {
      poison.at("a", 2);
      try (ProjectionRunner runner = fixture.runner(database, poison)) {
        runner.start();
        for (int i = 1; i <= 5; i++) {
          Accounts.append(fixture.store, "a", deposited("a", i));
          Accounts.append(fixture.store, "b", deposited("b", i));
          assertCaughtUp(runner);
        }
      }
      assertThat(versionsOf("a")).containsExactly(1L);
      assertThat(versionsOf("b")).containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(parked(poison).waiting("balances", account("a"), 1, 10))
          .extracting(WaitingEvent::version)
          .containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void in_the_middle_of_a_big_batch_which_is_not_applied_event_by_event() {
      fixture.deposit(10_000);
      poison.at("a3", 1_500).at("a8", 2_500);
      project(poison);
      assertThat(versionsOf("a3")).hasSize(1_499);
      assertThat(versionsOf("a8")).hasSize(2_499);
      assertThat(parked(poison).list())
          .extracting(ParkedAggregate::waitingEvents)
          .containsExactlyInAnyOrder(1_501L, 501L);
      assertThat(poison.handled.get()).isLessThan(4 * 30_000);
    }

    @Test
    void in_its_projection_alone() {
      fixture.deposit(100);
      Projection balances =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              on.event(
                  Deposited.class,
                  (event, recorded, rows) -> {
                    throw new IllegalStateException("always");
                  });
            }
          };
      project(balances, new Ledger());
      assertThat(Fixture.ledger(database)).isEqualTo(fixture.expected());
      assertThat(parked(balances).list()).hasSize(10);
    }

    @Test
    void where_the_database_refuses_what_the_handler_made_of_it() {
      fixture.deposit(3_000);
      Accounts.append(fixture.store, "x", deposited("x".repeat(101), 1));
      Accounts.append(fixture.store, "x", deposited("x", 2));
      fixture.deposit(1_000);
      project(poison);
      assertThat(balances(database)).isEqualTo(fixture.expected());
      ParkedAggregate x = parked(poison).list().getFirst();
      assertThat(parked(poison).list()).hasSize(1);
      assertThat(x.stream()).isEqualTo(account("x"));
      assertThat(x.failedVersion()).isEqualTo(1);
      assertThat(x.waitingEvents()).isEqualTo(2);
      assertThat(x.error()).containsIgnoringCase("value too long");
      assertThat(poison.handled.get()).isLessThan(8 * 12_000);
    }

    @Test
    void where_its_type_is_unknown_until_an_upcaster_is_there() {
      Accounts.append(fixture.store, "a", deposited("a", 1));
      mystery("a", 1, "{\"account\":\"a\",\"amount\":5}");
      Accounts.append(fixture.store, "a", deposited("a", 10));
      project(poison);
      assertThat(balances(database)).containsEntry("a", new BigDecimal("1.00"));
      ParkedAggregates before = parked(poison);
      assertThat(before.list().getFirst().errorClass()).isEqualTo("UnknownEventException");
      assertThat(before.retry("balances", account("a"), "ann"))
          .isInstanceOf(Retried.StillParked.class);
      assertThat(balances(database)).containsEntry("a", new BigDecimal("1.00"));

      EventCodec mended =
          EventCodec.builder()
              .event("Mystery", 2, Deposited.class)
              .event("Deposited", 1, OldDeposited.class)
              .upcaster("Mystery", 1, UnaryOperator.identity())
              .build();
      Projection both =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              super.define(on);
              on.event(
                  OldDeposited.class,
                  (event, recorded, rows) -> move(event.account(), event.amount(), recorded, rows));
            }
          };
      assertThat(parked(mended, both).retry("balances", account("a"), "ann"))
          .isEqualTo(new Retried.Applied(2));
      assertThat(balances(database)).containsEntry("a", new BigDecimal("16.00"));
    }

    @Test
    void where_the_failure_is_not_explained_after_a_few_attempts() {
      AtomicInteger attempts = new AtomicInteger();
      Projection broken =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              on.event(
                  Deposited.class,
                  (event, recorded, rows) -> {
                    attempts.incrementAndGet();
                    throw new SQLException("no state");
                  });
            }
          };
      Accounts.append(fixture.store, "a", deposited("a", 1));
      project(broken);
      assertThat(parked(broken).list().getFirst().error()).isEqualTo("no state");
      assertThat(attempts.get()).isEqualTo(7);
    }
  }

  /** Deposits under another class. */
  record OldDeposited(String account, BigDecimal amount) {}

  /** Stores an event that no codec knows. */
  private void mystery(String account, int revision, String json) {
    fixture.store.appendAndWait(
        new Commit(
            "mystery-" + account + revision,
            account(account),
            ExpectedVersion.any(),
            Metadata.at(Instant.EPOCH),
            List.of(
                new NewEvent(
                    new EventType("Mystery", revision), json.getBytes(StandardCharsets.UTF_8)))));
  }

  @Nested
  class Parking_is_remembered {
    @Test
    void when_the_runner_is_started_again() {
      poison.at("a", 1);
      Accounts.append(fixture.store, "a", deposited("a", 1));
      project(poison);
      poison.mend();
      Accounts.append(fixture.store, "a", deposited("a", 2));
      Accounts.append(fixture.store, "b", deposited("b", 3));
      project(poison);
      assertThat(balances(database)).containsOnlyKeys("b");
      assertThat(parked(poison).list().getFirst().waitingEvents()).isEqualTo(2);
    }

    @Test
    void in_the_file_of_the_database(@TempDir Path folder) {
      poison.at("a", 1);
      Accounts.append(fixture.store, "a", deposited("a", 1));
      try (HikariDataSource file = ReadModelDatabase.h2File(folder.resolve("read"))) {
        Fixture.migrate(file);
        try (ProjectionRunner runner = fixture.runner(file, poison)) {
          runner.start();
          assertCaughtUp(runner);
        }
      }
      poison.mend();
      try (HikariDataSource file = ReadModelDatabase.h2File(folder.resolve("read"))) {
        ParkedAggregates aggregates =
            new ParkedAggregates(fixture.store, Accounts.CODEC, file, List.of(poison));
        assertThat(aggregates.retry("balances", account("a"), "ann"))
            .isEqualTo(new Retried.Applied(1));
        assertThat(balances(file)).containsOnlyKeys("a");
      }
    }

    @Test
    void until_a_replay() {
      fixture.deposit(100);
      poison.at("a7", 4);
      try (ProjectionRunner runner = fixture.runner(database, poison)) {
        runner.start();
        assertCaughtUp(runner);
        assertThat(runner.status("balances").parked()).isEqualTo(new ParkedCount(1, 27));
        poison.mend();
        assertThat(runner.replay(Set.of("balances"), ProgressListener.NONE))
            .isEqualTo(new Awaited.Reached());
        assertThat(balances(database)).isEqualTo(fixture.expected());
        assertThat(runner.status("balances").parked()).isEqualTo(ParkedCount.NONE);
      }
      assertThat(parked(poison).list()).isEmpty();
      assertThat(number(database, "SELECT COUNT(*) FROM headwater.parked_event")).isZero();
    }
  }
}
