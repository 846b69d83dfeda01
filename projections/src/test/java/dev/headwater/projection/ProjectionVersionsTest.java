package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.execute;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Position;
import dev.headwater.projection.SwitchResult.NotCaughtUp;
import dev.headwater.projection.SwitchResult.Switched;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.RowDifference;
import dev.headwater.readmodel.TableComparison;
import dev.headwater.readmodel.TestDatabase;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class ProjectionVersionsTest {
  private static final ProjectionId FIRST = new ProjectionId("totals", 1);
  private static final ProjectionId SECOND = new ProjectionId("totals", 2);

  @Parameter private TestDatabase vendor;
  private final Fixture fixture = new Fixture();
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = vendor.open();
    Migrations.framework(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private ProjectionVersions versions(Projection... projections) {
    return new ProjectionVersions(fixture.store, Accounts.CODEC, database, List.of(projections));
  }

  private ProjectionRunner started(ProjectionVersions versions) {
    return started(versions, Fixture.QUICK);
  }

  private ProjectionRunner started(ProjectionVersions versions, RunnerSettings settings) {
    ProjectionRunner runner =
        fixture.runner(database, settings, versions.prepare().toArray(Projection[]::new));
    runner.start();
    return runner;
  }

  private long movements() {
    return number(database, "SELECT COUNT(*) FROM movement");
  }

  /** A writer's step: slower than any projection. */
  private void trickle() {
    fixture.deposit(1);
    LockSupport.parkNanos(5_000_000);
  }

  private Map<ProjectionId, VersionState> states(ProjectionVersions versions) {
    Map<ProjectionId, VersionState> states = new LinkedHashMap<>();
    versions.list().forEach(version -> states.put(version.id(), version.state()));
    return states;
  }

  @Nested
  class The_first_version {
    @Test
    void serves_from_the_start_by_views_in_the_default_schema() throws SQLException {
      fixture.deposit(20);
      ProjectionVersions versions = versions(Totals.first());
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      assertThat(states(versions)).isEqualTo(Map.of(FIRST, VersionState.SERVING));
      assertThat(movements()).isEqualTo(60);
      assertThat(number(database, "SELECT COUNT(*) FROM totals_v1.movement")).isEqualTo(60);
      execute(database, "SELECT * FROM rich");
      versions.prepare(); // again, at the next start
      assertThat(versions.list().getFirst().lag()).isZero();
    }

    @Test
    void is_not_made_over_tables_of_somebody_else() throws SQLException {
      execute(database, "CREATE TABLE movement (x INTEGER)");
      assertThatThrownBy(() -> versions(Totals.first()).prepare())
          .isInstanceOf(ReadModelException.class)
          .hasMessageContaining("that is none of the views of this projection");
    }
  }

  @Nested
  class A_version_that_is_built {
    @Test
    void grows_beside_the_one_that_serves_and_stays_live() {
      fixture.deposit(50);
      started(versions(Totals.first())).close();
      ProjectionVersions versions = versions(Totals.first(), new Totals(2, "second", 2));
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        fixture.deposit(10);
        Fixture.assertCaughtUp(runner);
        assertThat(runner.status("totals").version()).isEqualTo(1);
        assertThat(runner.status("totals@2").applied()).isEqualTo(180);
      }
      assertThat(states(versions))
          .isEqualTo(Map.of(FIRST, VersionState.SERVING, SECOND, VersionState.BUILDING));
      assertThat(number(database, "SELECT COUNT(*) FROM totals_v2.movement")).isEqualTo(180);
      assertThat(number(database, "SELECT COUNT(*) FROM movement WHERE made_by = 'second'"))
          .isZero();
    }

    @Test
    void of_the_present_code_has_the_next_number_and_tells_its_progress() {
      fixture.deposit(200);
      ProjectionVersions versions = versions(Totals.first());
      started(versions).close();
      assertThat(versions.rebuild("totals")).isEqualTo(SECOND);
      assertThat(versions.rebuild("totals")).as("it goes on with that one").isEqualTo(SECOND);
      List<ReplayProgress> heard = new ArrayList<>();
      try (ProjectionRunner runner = started(versions, Fixture.QUICK.withBatchEvents(100))) {
        assertThat(runner.catchUp(Set.of("totals@2"), heard::add)).isEqualTo(new Awaited.Reached());
      }
      assertThat(heard.getLast().version()).isEqualTo(2);
      assertThat(heard.getLast().applied()).isEqualTo(600).isEqualTo(heard.getLast().total());
      assertThat(heard.getLast().remaining()).isZero();
    }

    @Test
    void goes_on_where_it_was_when_the_process_ended_in_between() {
      fixture.deposit(2_000);
      ProjectionVersions versions = versions(Totals.first());
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      versions.rebuild("totals");
      RunnerSettings small = Fixture.QUICK.withBatchEvents(20);
      try (ProjectionRunner runner = started(versions, small)) {
        await(() -> runner.status("totals@2").applied() > 100);
      }
      long before = versions.list().getLast().applied();
      assertThat(before).isPositive();
      ProjectionVersions next = versions(Totals.first());
      List<ReplayProgress> heard = new ArrayList<>();
      try (ProjectionRunner runner = started(next)) {
        assertThat(runner.catchUp(Set.of("totals@2"), heard::add)).isEqualTo(new Awaited.Reached());
      }
      assertThat(heard.getFirst().applied()).isGreaterThanOrEqualTo(before);
      assertThat(number(database, "SELECT COUNT(*) FROM totals_v2.movement")).isEqualTo(6_000);
    }

    @Test
    void needs_migrations_of_its_own() {
      ProjectionVersions versions = versions(new Accounts.Balances());
      assertThatThrownBy(() -> versions.rebuild("balances"))
          .hasMessageContaining("brings no migrations");
      assertThatThrownBy(() -> versions.rebuild("nothing"))
          .hasMessageContaining("there is no projection 'nothing'; there are [balances]");
    }

    @Test
    void keeps_its_number_for_itself() {
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      assertThatThrownBy(() -> versions(Totals.first(), new Totals(2, "new", 1)).prepare())
          .hasMessageContaining("give the new code version 3");
    }

    @Test
    void passes_every_method_of_its_code_on() throws Exception {
      for (Method method : Projection.class.getMethods()) {
        assertThat(AtVersion.class.getMethod(method.getName(), method.getParameterTypes()))
            .as("AtVersion must pass it on")
            .extracting(Method::getDeclaringClass)
            .isEqualTo(AtVersion.class);
      }
    }
  }

  @Nested
  class Comparing {
    @Test
    void finds_nothing_in_a_rebuild_by_the_same_code_while_events_are_stored() throws Exception {
      fixture.deposit(100);
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer =
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (!stop.get()) {
                        trickle();
                      }
                    });
        for (int i = 0; i < 3; i++) {
          Comparison comparison = versions.compare(SECOND, LONG, 5);
          assertThat(comparison.positionsApart()).isZero();
          assertThat(comparison.isSame()).as(comparison.toString()).isTrue();
          assertThat(comparison.tables()).hasSize(2);
        }
        stop.set(true);
        writer.join();
        Fixture.assertCaughtUp(runner);
        assertThat(number(database, "SELECT COUNT(*) FROM totals_v2.movement"))
            .as("the comparison has left nothing behind")
            .isEqualTo(movements());
      }
      assertThat(versions.list().getLast().compared()).matches(last -> last != null && last.same());
    }

    @Test
    void shows_rows_that_differ_by_their_key() throws SQLException {
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      execute(database, "UPDATE totals_v2.total SET amount = 7 WHERE account = 'a3'");
      execute(database, "DELETE FROM totals_v2.total WHERE account = 'a4'");
      execute(database, "DELETE FROM totals_v1.total WHERE account = 'a5'");
      execute(database, "DELETE FROM totals_v2.movement WHERE account = 'a6' AND version = 2");
      Comparison comparison = versions.compare(SECOND, LONG, 10);
      assertThat(comparison.isSame()).isFalse();
      TableComparison total = comparison.tables().getFirst();
      assertThat(total.serving().rows()).isEqualTo(9);
      assertThat(total.differing()).isEqualTo(3);
      assertThat(total.sample())
          .containsExactly(
              new RowDifference(
                  Map.of("account", "a3"), Map.of("amount", "12.00"), Map.of("amount", "7.00")),
              new RowDifference(
                  Map.of("account", "a4"), Map.of("amount", "15.00", "made_by", "first"), null),
              new RowDifference(
                  Map.of("account", "a5"), null, Map.of("amount", "18.00", "made_by", "first")));
      TableComparison movement = comparison.tables().getLast();
      assertThat(movement.differing()).isEqualTo(1);
      assertThat(movement.sample().getFirst().key())
          .isEqualTo(Map.of("account", "a6", "version", "2"));
      assertThat(versions.compare(SECOND, LONG, 1).tables().getFirst().sample()).hasSize(1);
      assertThat(versions.list().getLast().compared())
          .matches(last -> last != null && !last.same());
    }

    @Test
    void looks_at_common_columns_and_names_the_others() {
      fixture.deposit(10);
      ProjectionVersions versions = versions(new Totals(1, "reshaped", 1), new Totals.Reshaped(2));
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      Comparison comparison = versions.compare(SECOND, LONG, 10);
      assertThat(comparison.isSame()).isTrue();
      assertThat(comparison.onlyServing()).containsExactly("rich");
      assertThat(comparison.tables().getFirst().columnsOnlyOther()).containsExactly("movements");
      assertThat(comparison.tables().getLast().columnsOnlyServing()).containsExactly("made_by");
    }
  }

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
        Thread writer = thread(failures, stop, ProjectionVersionsTest.this::trickle);
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
  class Dropping {
    @Test
    void refuses_the_version_that_serves() {
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      assertThatThrownBy(() -> versions.drop(FIRST))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("serves; switch to another version");
    }

    @Test
    void removes_the_schema_and_stops_who_still_runs_it() {
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        versions.switchTo(SECOND, LONG);
        versions.drop(FIRST);
        fixture.deposit(10);
        await(() -> runner.status("totals@1").state() == ProjectionState.STOPPED);
        assertThat(runner.status("totals@1").lastError()).contains("it was dropped");
        await(() -> movements() == 60);
      }
      assertThat(states(versions)).isEqualTo(Map.of(SECOND, VersionState.SERVING));
      assertThat(
              number(
                  database,
                  "SELECT COUNT(*) FROM headwater.projection_checkpoint WHERE version = 1"))
          .isZero();
      assertThatThrownBy(() -> execute(database, "SELECT * FROM totals_v1.total"))
          .isInstanceOf(SQLException.class);
      assertThat(versions.prepare()).extracting(Projection::version).containsExactly(2);
      assertThatThrownBy(() -> versions.rollBack("totals", LONG))
          .hasMessageContaining("no version of projection totals is kept");
      assertThat(versions.rebuild("totals")).isEqualTo(new ProjectionId("totals", 3));
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
