package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import dev.headwater.projection.SwitchResult.Switched;
import dev.headwater.readmodel.DatabaseTest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Another process is another set of objects here: all that it shares is the database. */
@DatabaseTest
class VersionsOfOtherProcessesTest extends VersionsFixture {
  private List<String> known(ProjectionRunner runner) {
    return runner.status().stream()
        .map(status -> status.projection() + "@" + status.version() + " " + status.state())
        .toList();
  }

  @Nested
  class A_watch_in_a_process_without_a_runner {
    @Test
    void waits_for_the_version_that_another_process_has_switched_to() {
      ProjectionWatch watch = new ProjectionWatch(fixture.store, database, List.of(FIRST));
      try (ProjectionRunner runner = started(versions(Totals.first()))) {
        ProjectionVersions operator = versions(Totals.first());
        operator.rebuild("totals");
        await(() -> known(runner).contains("totals@2 LIVE"));
        assertThat(operator.switchTo(SECOND, LONG)).isEqualTo(new Switched(FIRST, SECOND));
        operator.drop(FIRST);
        Position position = Accounts.append(fixture.store, "a", Accounts.deposited("a", 1));
        assertThat(watch.await(position, "totals", LONG)).isEqualTo(new Awaited.Reached());
        assertThat(movements()).isEqualTo(1);
      }
    }
  }

  @Nested
  class A_runner_that_runs_already {
    @Test
    void takes_up_a_version_that_another_process_has_begun() {
      fixture.deposit(50);
      try (ProjectionRunner runner = started(versions(Totals.first()))) {
        Fixture.assertCaughtUp(runner);
        assertThat(versions(Totals.first()).rebuild("totals")).isEqualTo(SECOND);
        await(() -> known(runner).contains("totals@2 LIVE"));
        fixture.deposit(10);
        Fixture.assertCaughtUp(runner);
        assertThat(number(database, "SELECT COUNT(*) FROM totals_v2.movement")).isEqualTo(180);
        assertThat(versions(Totals.first()).compare(SECOND, LONG, 5).isSame()).isTrue();
      }
    }

    @Test
    void knows_a_version_at_once_that_is_asked_for_by_its_name() {
      fixture.deposit(50);
      RunnerSettings seldom = Fixture.FOR_EVER.withLease(Duration.ofHours(2), Duration.ofHours(1));
      try (ProjectionRunner runner = started(versions(Totals.first()), seldom)) {
        Fixture.assertCaughtUp(runner);
        versions(Totals.first()).rebuild("totals");
        assertThat(runner.catchUp(Set.of("totals@2"), ProgressListener.NONE))
            .isEqualTo(new Awaited.Reached());
      }
    }

    @Test
    void shares_it_with_the_others() {
      fixture.deposit(50);
      try (ProjectionRunner one = started(versions(Totals.first()));
          ProjectionRunner other = started(versions(Totals.first()))) {
        versions(Totals.first()).rebuild("totals");
        await(
            () ->
                number(
                        database,
                        "SELECT COUNT(DISTINCT owner) FROM headwater.projection_owner"
                            + " WHERE version = 2")
                    == 2);
        Fixture.assertCaughtUp(one);
        Fixture.assertCaughtUp(other);
        assertThat(number(database, "SELECT COUNT(*) FROM totals_v2.movement")).isEqualTo(150);
      }
    }

    @Test
    void leaves_a_version_alone_whose_code_it_does_not_have() {
      fixture.deposit(20);
      ProjectionVersions newer = versions(Totals.first(), new Totals(2, "second", 1));
      try (ProjectionRunner old = started(versions(Totals.first()))) {
        Fixture.assertCaughtUp(old);
        try (ProjectionRunner runner = started(newer)) {
          Fixture.assertCaughtUp(runner);
          assertThat(newer.switchTo(SECOND, LONG)).isEqualTo(new Switched(FIRST, SECOND));
          assertThat(number(database, "SELECT COUNT(*) FROM movement WHERE made_by = 'second'"))
              .isEqualTo(60);
        }
        fixture.deposit(1);
        Fixture.assertCaughtUp(old);
        assertThat(known(old)).containsExactly("totals@1 LIVE");
      }
    }

    @Test
    void answers_by_the_version_that_another_process_has_switched_to() {
      try (ProjectionRunner runner = started(versions(Totals.first()))) {
        ProjectionVersions operator = versions(Totals.first());
        operator.rebuild("totals");
        await(() -> known(runner).contains("totals@2 LIVE"));
        assertThat(operator.switchTo(SECOND, LONG)).isEqualTo(new Switched(FIRST, SECOND));
        assertThat(runner.status("totals").version()).isEqualTo(2);
        for (int i = 1; i <= 20; i++) {
          Position position = Accounts.append(fixture.store, "a", Accounts.deposited("a", 1));
          assertThat(runner.await(position, "totals", LONG)).isEqualTo(new Awaited.Reached());
          assertThat(movements()).isEqualTo(i);
        }
      }
    }

    @Test
    void ends_a_version_that_another_process_has_dropped_and_takes_it_up_when_it_is_made_again() {
      fixture.deposit(10);
      try (ProjectionRunner runner = started(versions(Totals.first()))) {
        ProjectionVersions operator = versions(Totals.first());
        operator.rebuild("totals");
        await(() -> known(runner).contains("totals@2 LIVE"));
        operator.drop(SECOND);
        assertThat(known(runner)).containsExactly("totals@1 LIVE", "totals@2 DROPPED");
        assertThat(runner.status("totals@2").lastError()).contains("it was dropped");
        assertThat(runner.status("totals").version()).isEqualTo(1);
        fixture.deposit(10);
        Fixture.assertCaughtUp(runner);
        operator.rebuild("totals");
        await(() -> known(runner).contains("totals@2 LIVE"));
        assertThat(number(database, "SELECT COUNT(*) FROM totals_v2.movement")).isEqualTo(60);
      }
    }
  }
}
