package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.StreamId;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.Accounts.Renamed;
import dev.headwater.projection.Accounts.Withdrawn;
import dev.headwater.readmodel.RowKey;
import dev.headwater.readmodel.Table;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LineageTest extends OnEachDatabase {
  private static final String COUNT = "SELECT COUNT(*) FROM headwater.lineage";
  private static final ProjectionId ID = new ProjectionId("balances", 1);

  /** Touches rows in every way. */
  private static final class Traced extends Balances {
    // tag::switch-on
    @Override
    public boolean lineage() {
      return true;
    }

    // end::switch-on

    @Override
    public void define(EventHandlers on) {
      super.define(on);
      on.event(
          Renamed.class,
          (event, recorded, rows) -> {
            rows.at(Accounts.BALANCE, event.account() + "-read only");
            rows.at(Accounts.BALANCE, event.account()).delete();
            rows.jdbc(connection -> {});
            rows.at(Accounts.BALANCE, event.account()).set("balance", BigDecimal.ZERO);
            rows.at(Accounts.BALANCE, event.name()).set("balance", BigDecimal.ZERO);
          });
    }
  }

  private void run(Projection projection) {
    try (ProjectionRunner runner = fixture.runner(database, projection)) {
      runner.start();
      Fixture.assertCaughtUp(runner);
    }
  }

  private List<RowEvent> last(int limit, String account) {
    return new RowLineage(database, fixture.store, Accounts.CODEC)
        .last(limit, ID, "account_balance", account);
  }

  @Nested
  class The_lineage_of_a_row {
    @Test
    void is_the_events_that_touched_it_in_their_order() {
      Accounts.append(fixture.store, "a", Accounts.deposited("a", 5), Accounts.deposited("b", 1));
      Accounts.append(fixture.store, "a", Accounts.withdrawn("a", 2));
      run(new Traced());
      List<RowEvent> events = last(10, "a");
      assertThat(events)
          .extracting(RowEvent::event)
          .containsExactly(
              new Deposited("a", BigDecimal.valueOf(5)), new Withdrawn("a", BigDecimal.valueOf(2)));
      assertThat(events).extracting(event -> event.recorded().version()).containsExactly(1L, 3L);
      assertThat(events).extracting(RowEvent::sequence).containsExactly(1L, 3L);
      assertThat(last(1, "a"))
          .extracting(RowEvent::event)
          .containsExactly(new Withdrawn("a", BigDecimal.valueOf(2)));
      assertThat(last(10, "c")).isEmpty();
    }

    @Test
    void is_told_to_auditors() {
      Accounts.append(fixture.store, "a1", Accounts.deposited("a1", 5));
      run(new Traced());
      List<String> told = new ArrayList<>();
      var store = fixture.store;
      var codec = Accounts.CODEC;
      // tag::events
      var lineage = new RowLineage(database, store, codec);
      var id = new ProjectionId("balances", 1);
      for (RowEvent event : lineage.last(100, id, "account_balance", "a1")) {
        told.add(event.recorded().metadata().time() + " " + event.event());
      }
      // end::events
      assertThat(told).containsExactly("2026-01-01T00:00:00Z Deposited[account=a1, amount=5]");
    }

    @Test
    void says_in_sql_where_the_events_are_and_what_they_were() {
      Accounts.append(fixture.store, "a", Accounts.deposited("a", 5));
      run(new Traced());
      String sql =
          COUNT
              + " WHERE projection = 'balances' AND version = 1 AND table_name = 'account_balance'"
              + " AND row_key = '[\"a\"]' AND stream_type = 'Account' AND stream_id = 'a'"
              + " AND stream_version = 1 AND event_type = 'Deposited#1' AND sequence = 1"
              + " AND occurred_at = TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00'"
              + " AND partition_no = "
              + fixture.store.partitionOf(new StreamId("Account", "a"))
              + " AND commit_id <> ''";
      assertThat(Fixture.number(database, sql)).isEqualTo(1);
    }

    @Test
    void has_an_event_once_that_deletes_makes_and_changes_it() {
      Accounts.append(fixture.store, "a", Accounts.deposited("a", 5), new Renamed("a", "b"));
      run(new Traced());
      assertThat(last(10, "a")).hasSize(2);
      assertThat(last(10, "b")).extracting(RowEvent::event).containsExactly(new Renamed("a", "b"));
      assertThat(last(10, "a-read only")).isEmpty();
    }

    @Test
    void has_every_event_of_a_long_run_in_several_batches() {
      fixture.deposit(200);
      RunnerSettings small = Fixture.QUICK.withBatchEvents(20);
      try (ProjectionRunner runner = fixture.runner(database, small, new Traced())) {
        runner.start();
        Fixture.assertCaughtUp(runner);
      }
      assertThat(last(1_000, "a3")).hasSize(60);
      assertThat(last(1_000, "a3")).extracting(e -> e.recorded().version()).isSorted();
      assertThat(Fixture.number(database, COUNT)).isEqualTo(600);
    }
  }

  @Nested
  class Lineage {
    @Test
    void is_not_written_unless_it_is_switched_on() {
      fixture.deposit(10);
      run(new Balances());
      assertThat(Fixture.number(database, COUNT)).isZero();
    }

    @Test
    void is_made_anew_by_a_replay() {
      fixture.deposit(10);
      try (ProjectionRunner runner = fixture.runner(database, new Traced())) {
        runner.start();
        Fixture.assertCaughtUp(runner);
        runner.replay(Set.of("balances"), ProgressListener.NONE);
      }
      assertThat(Fixture.number(database, COUNT)).isEqualTo(30);
    }

    @Test
    void is_cleared_by_a_replay_of_the_same_projection_without_it() {
      fixture.deposit(10);
      run(new Traced());
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        runner.replay(Set.of("balances"), ProgressListener.NONE);
      }
      assertThat(Fixture.number(database, COUNT)).isZero();
    }

    @Test
    void goes_with_its_version() throws SQLException {
      record Versioned(int version) implements Projection {
        @Override
        public String name() {
          return "totals";
        }

        @Override
        public boolean lineage() {
          return true;
        }

        @Override
        public List<String> migrations() {
          return Totals.first().migrations();
        }

        @Override
        public List<Table> tables() {
          return Totals.first().tables();
        }

        @Override
        public void define(EventHandlers on) {
          Totals.first().define(on);
        }
      }
      fixture.deposit(10);
      ProjectionVersions versions =
          new ProjectionVersions(
              fixture.store, Accounts.CODEC, database, List.of(new Versioned(1), new Versioned(2)));
      run(versions.prepare().toArray(Projection[]::new));
      assertThat(Fixture.number(database, COUNT + " WHERE version = 1")).isEqualTo(30);
      assertThat(Fixture.number(database, COUNT + " WHERE version = 2")).isEqualTo(30);
      versions.drop(new ProjectionId("totals", 2));
      assertThat(Fixture.number(database, COUNT + " WHERE version = 1")).isEqualTo(30);
      assertThat(Fixture.number(database, COUNT + " WHERE version = 2")).isZero();
    }

    private void run(Projection... projections) {
      try (ProjectionRunner runner = fixture.runner(database, projections)) {
        runner.start();
        Fixture.assertCaughtUp(runner);
      }
    }
  }

  @Nested
  class A_key {
    @Test
    void is_a_json_array_of_its_values() {
      assertThat(RowKey.text("o-1")).isEqualTo("[\"o-1\"]");
      assertThat(RowKey.text("a\"b\\c\n", 7, new BigDecimal("1.50"), true))
          .isEqualTo("[\"a\\\"b\\\\c\\u000a\",7,1.5,true]");
      assertThat(RowKey.text(Instant.parse("2026-01-05T14:30:00Z")))
          .isEqualTo("[\"2026-01-05T14:30:00Z\"]");
    }
  }
}
