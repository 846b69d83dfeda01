package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.projection.Accounts.Balances;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FreshnessTest extends OnEachDatabase {
  private static final String STATUS =
      "SELECT * FROM headwater.projection_status WHERE projection = 'balances'";
  private static final String LONG_AGO = "CURRENT_TIMESTAMP - INTERVAL '1' HOUR";

  /** Runs the projection until it shows everything, and the heads have been written. */
  private void catchUp() {
    try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
      runner.start();
      Fixture.assertCaughtUp(runner);
      long total = runner.status("balances").applied();
      Fixture.await(
          () -> number("SELECT SUM(head_sequence) FROM headwater.partition_head") == total);
    }
  }

  private long number(String sql) {
    return Fixture.number(database, sql);
  }

  private void execute(String sql) throws SQLException {
    Fixture.execute(database, sql);
  }

  private Map<String, @Nullable Object> row(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      Map<String, @Nullable Object> row = new HashMap<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        row.put(rows.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT), rows.getObject(i));
      }
      assertThat(rows.next()).isFalse();
      return row;
    }
  }

  private double lagSeconds() throws SQLException {
    BigDecimal lag = (BigDecimal) row(STATUS).get("lag_seconds");
    assertThat(lag).isNotNull();
    return lag.doubleValue();
  }

  @Nested
  class A_projection_that_has_applied_everything {
    @Test
    void has_no_lag_and_its_row_says_all_that_is_known() throws SQLException {
      fixture.deposit(100);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        Fixture.assertCaughtUp(runner);
        Fixture.await(() -> number("SELECT SUM(head) FROM headwater.projection_status") == 300);
        Map<String, @Nullable Object> status = row(STATUS);
        assertThat(status)
            .containsEntry("version", 1)
            .containsEntry("state", "serving")
            .containsEntry("serving", true)
            .containsEntry("partitions", 4L)
            .containsEntry("applied", 300L)
            .containsEntry("lag_events", 0L)
            .containsEntry("owned_partitions", 4L)
            .containsEntry("owners", runner.instance())
            .containsEntry("parked_aggregates", 0L)
            .doesNotContainEntry("last_heard_at", null)
            .doesNotContainEntry("complete_until", null)
            .doesNotContainEntry("moved_at", null);
        assertThat((BigDecimal) status.get("progress")).isEqualByComparingTo("1");
        assertThat(lagSeconds()).isZero();
      }
    }

    @Test
    void has_none_either_in_a_store_where_nothing_happens_for_long() throws SQLException {
      fixture.deposit(10);
      catchUp();
      execute("UPDATE headwater.projection_checkpoint SET updated_at = " + LONG_AGO);
      assertThat(lagSeconds()).isZero();
    }

    @Test
    void lags_by_the_time_since_the_last_look_when_nobody_looks_any_more() throws SQLException {
      fixture.deposit(10);
      catchUp();
      execute(
          "UPDATE headwater.partition_head SET head_seen_at = "
              + LONG_AGO
              + ", next_look_by = CURRENT_TIMESTAMP - INTERVAL '50' MINUTE");
      assertThat(lagSeconds()).isBetween(3600.0, 3660.0);
      assertThat(row(STATUS)).containsEntry("lag_events", 0L);
    }
  }

  @Nested
  class A_projection_that_is_behind {
    @Test
    void lags_by_the_events_and_since_the_last_look_at_which_it_was_not() throws SQLException {
      fixture.deposit(10);
      catchUp();
      execute("UPDATE headwater.partition_head SET head_seen_at = " + LONG_AGO);
      fixture.deposit(10);
      lookWithoutApplying();
      assertThat(row(STATUS))
          .containsEntry("head", 60L)
          .containsEntry("applied", 30L)
          .containsEntry("lag_events", 30L)
          .containsEntry("owned_partitions", 0L)
          .containsEntry("owners", null);
      assertThat((BigDecimal) row(STATUS).get("progress")).isEqualByComparingTo("0.5");
      assertThat(lagSeconds()).isBetween(3600.0, 3660.0);
    }

    @Test
    void keeps_that_moment_however_much_the_store_grows() throws SQLException {
      fixture.deposit(10);
      catchUp();
      execute("UPDATE headwater.partition_head SET head_seen_at = " + LONG_AGO);
      for (int i = 0; i < 3; i++) {
        fixture.deposit(10);
        lookWithoutApplying();
      }
      assertThat(row(STATUS)).containsEntry("lag_events", 90L);
      assertThat(lagSeconds()).isBetween(3600.0, 3660.0);
    }

    @Test
    void is_complete_until_its_last_event_where_log_ids_are_times() throws SQLException {
      fixture.deposit(10);
      catchUp();
      execute("UPDATE headwater.projection_checkpoint SET log_id = '1767225600000-7'");
      execute("UPDATE headwater.partition_head SET head_sequence = head_sequence + 1");
      String wrong =
          "SELECT COUNT(*) FROM headwater.projection_partition_status WHERE complete_until <>"
              + " TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00'";
      assertThat(number(wrong)).isZero();
      assertThat(lagSeconds()).isGreaterThan(0);
    }

    /** What an instance does that runs other projections. */
    private void lookWithoutApplying() throws SQLException {
      try (Connection connection = database.getConnection()) {
        HeadTable.Look now =
            new HeadTable.Look(new Heads(fixture.store).refresh(), System.nanoTime());
        HeadTable.Look never = new HeadTable.Look(List.of(), System.nanoTime());
        HeadTable.write(connection, never, now, Duration.ofSeconds(15));
      }
    }
  }

  @Nested
  class A_partition {
    @Test
    void has_an_owner_whose_lease_is_valid_until_it_is_not_seen_any_more() throws SQLException {
      fixture.deposit(10);
      try (ProjectionRunner runner = fixture.runner(database, Fixture.FOR_EVER, new Balances())) {
        runner.start();
        Fixture.assertCaughtUp(runner);
        String partition =
            "SELECT * FROM headwater.projection_partition_status WHERE partition_no = 2";
        assertThat(row(partition))
            .containsEntry("owner", runner.instance())
            .containsEntry("owner_alive", true)
            .doesNotContainEntry("owner_seen_at", null);
        execute("UPDATE headwater.runner_instance SET expires_at = " + LONG_AGO);
        assertThat(row(partition))
            .containsEntry("owner", runner.instance())
            .containsEntry("owner_alive", false);
        assertThat(row(STATUS)).containsEntry("owned_partitions", 0L);
      }
    }

    @Test
    void tells_how_much_is_parked() throws SQLException {
      fixture.deposit(10);
      catchUp();
      execute(
          "INSERT INTO headwater.parked_aggregate VALUES ('balances', 1, 'Account', 'a1', 2, 1, 5,"
              + " 1, 'x.Broken', 'broken', 1, 3, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)");
      assertThat(row(STATUS))
          .containsEntry("parked_aggregates", 1L)
          .containsEntry("parked_events", 3L);
    }
  }

  @Nested
  class The_times_that_lags_are_computed_with {
    private void requireDatabasesClock(String table, String column) throws SQLException {
      execute(
          "ALTER TABLE headwater."
              + table
              + " ADD CONSTRAINT its_own_clock_"
              + column
              + " CHECK ("
              + column
              + " = CURRENT_TIMESTAMP)");
    }

    @Test
    void are_the_databases_own_whatever_the_instance_takes_for_the_time() throws SQLException {
      requireDatabasesClock("projection_checkpoint", "updated_at");
      requireDatabasesClock("projection_version", "created_at");
      fixture.deposit(20);
      ProjectionVersions versions =
          new ProjectionVersions(fixture.store, Accounts.CODEC, database, List.of(Totals.first()));
      Projection[] prepared = versions.prepare().toArray(Projection[]::new);
      RunnerSettings small = Fixture.FOR_EVER.withBatchEvents(20);
      try (ProjectionRunner runner = fixture.runner(database, small, prepared)) {
        runner.start();
        Fixture.await(() -> runner.status("totals").applied() == 60);
      }
      assertThat(number("SELECT SUM(sequence) FROM headwater.projection_checkpoint")).isEqualTo(60);
    }
  }
}
