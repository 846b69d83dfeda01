package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.execute;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Position;
import dev.headwater.projection.SwitchResult.NotCaughtUp;
import dev.headwater.projection.SwitchResult.Switched;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class VersionSwitchTest extends VersionsFixture {
  @Nested
  class Switching {
    @Test
    void refuses_a_version_that_has_not_caught_up() {
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first());
      started(versions).close();
      versions.rebuild("totals");
      assertThat(versions.switchTo(SECOND, Duration.ofMillis(20)))
          .isEqualTo(new NotCaughtUp(SECOND, 30, "the store"));
      assertThat(states(versions)).containsEntry(FIRST, VersionState.SERVING);
    }

    @Test
    void shows_no_query_two_versions_and_nothing_that_goes_back() throws Exception {
      fixture.deposit(50);
      ProjectionVersions versions = versions(Totals.first(), new Totals(2, "second", 1));
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        AtomicBoolean stop = new AtomicBoolean();
        List<Throwable> failures = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        Thread writer = thread(failures, stop, VersionSwitchTest.this::trickle);
        Thread reader = thread(failures, stop, () -> seen.add(readAgain()));
        for (int i = 0; i < 6; i++) {
          int before = seen.size();
          ProjectionId to = i % 2 == 0 ? SECOND : FIRST;
          assertThat(i == 0 ? versions.switchTo(to, LONG) : versions.rollBack("totals", LONG))
              .isInstanceOf(Switched.class);
          await(() -> seen.size() > before + 2 || !failures.isEmpty());
          assertThat(runner.status("totals").version()).isEqualTo(to.version());
        }
        stop.set(true);
        writer.join();
        reader.join();
        assertThat(failures).isEmpty();
        assertThat(seen).contains("first", "second");
      }
    }

    /** H2 may fail a query whose view is being replaced; the next one tells. */
    private String readAgain() throws SQLException {
      try {
        return readOnce();
      } catch (SQLException e) {
        if (vendor == TestDatabase.H2 && ++refused < 5) {
          return readAgain();
        }
        throw e;
      }
    }

    private int refused;
    private long lastSeen;

    /** Joins both views; who made the rows, if it is one version. */
    private String readOnce() throws SQLException {
      String sql =
          "SELECT MIN(t.made_by), MAX(t.made_by), MIN(m.made_by), MAX(m.made_by), COUNT(*)"
              + " FROM movement m JOIN total t ON t.account = m.account";
      try (var connection = database.getConnection();
          var statement = connection.createStatement();
          var row = statement.executeQuery(sql)) {
        row.next();
        assertThat(List.of(row.getString(2), row.getString(3), row.getString(4)))
            .containsOnly(row.getString(1));
        assertThat(row.getLong(5)).isGreaterThanOrEqualTo(lastSeen);
        lastSeen = row.getLong(5);
        return row.getString(1);
      }
    }

    private interface Step {
      void run() throws Exception;
    }

    private static Thread thread(List<Throwable> failures, AtomicBoolean stop, Step step) {
      return Thread.ofPlatform()
          .start(
              () -> {
                try {
                  while (!stop.get()) {
                    step.run();
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              });
    }

    @Test
    void changes_tables_and_columns_too_and_rolls_back_fresh() throws SQLException {
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first(), new Totals.Reshaped(2));
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        execute(database, "CREATE VIEW mine AS SELECT account, amount FROM total");
        assertThat(number(database, "SELECT COUNT(*) FROM mine")).isEqualTo(10);
        assertThat(versions.switchTo(versions.candidate("totals"), LONG))
            .isEqualTo(new Switched(FIRST, SECOND));
        assertThat(number(database, "SELECT SUM(movements) FROM total")).isEqualTo(30);
        assertThatThrownBy(() -> execute(database, "SELECT made_by FROM movement"))
            .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> execute(database, "SELECT * FROM rich"))
            .isInstanceOf(SQLException.class);
        assertThat(number(database, "SELECT COUNT(*) FROM mine")).isEqualTo(10);
        execute(database, "DROP VIEW mine");
        fixture.deposit(10);
        Fixture.assertCaughtUp(runner);
        assertThat(versions.rollBack("totals", LONG)).isEqualTo(new Switched(SECOND, FIRST));
        assertThat(movements()).isEqualTo(60);
        execute(database, "SELECT made_by FROM movement");
        execute(database, "SELECT * FROM rich");
      }
    }

    @Test
    void answers_who_reads_their_own_writes_by_the_version_that_serves() {
      ProjectionVersions versions = versions(Totals.first(), new Totals(2, "second", 1));
      try (ProjectionRunner runner = started(versions)) {
        Position position = Accounts.append(fixture.store, "a", Accounts.deposited("a", 1));
        assertThat(runner.await(position, "totals", LONG)).isEqualTo(new Awaited.Reached());
        assertThat(movements()).isEqualTo(1);
      }
    }
  }

  @Nested
  class Analysts_of_PostgreSQL {
    @Test
    void keep_their_privileges_and_are_told_which_views_of_theirs_are_in_the_way()
        throws SQLException {
      if (vendor != TestDatabase.POSTGRESQL) {
        return; // H2 has no such views' privileges to lose
      }
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first(), new Totals.Reshaped(2));
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      String analyst = "analyst_" + System.nanoTime();
      execute(database, "CREATE ROLE " + analyst);
      execute(database, "GRANT SELECT ON total, movement TO " + analyst);
      execute(database, "CREATE VIEW signed AS SELECT made_by FROM movement");
      assertThat(versions.switchTo(SECOND, Duration.ofMillis(100)))
          .isInstanceOfSatisfying(
              SwitchResult.ViewsInUse.class,
              inUse -> assertThat(inUse.reason()).contains("movement").contains("signed"));
      execute(database, "DROP VIEW signed");
      assertThat(versions.switchTo(SECOND, LONG)).isInstanceOf(Switched.class);
      for (String table : Arrays.asList("total", "movement")) {
        assertThat(
                number(
                    database,
                    "SELECT has_table_privilege('"
                        + analyst
                        + "', '"
                        + table
                        + "', 'SELECT')::int"))
            .isEqualTo(1);
      }
    }
  }
}
