package dev.headwater.projection;

import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.execute;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.ReadModelException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class VersionsBuiltBesideTest extends VersionsFixture {
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
}
