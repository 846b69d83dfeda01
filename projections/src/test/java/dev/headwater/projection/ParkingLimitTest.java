package dev.headwater.projection;

import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.awaitState;
import static dev.headwater.projection.Fixture.balances;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.readmodel.DatabaseTest;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class ParkingLimitTest extends ParkingFixture {
  @Nested
  class A_failure_that_concerns_everything_stops_the_projection {
    private ProjectionStatus failing(RunnerSettings settings, Projection projection) {
      try (ProjectionRunner runner = fixture.runner(database, settings, projection)) {
        runner.start();
        return awaitState(runner, "balances", ProjectionState.FAILED);
      }
    }

    @Test
    void when_too_many_aggregates_would_be_parked() {
      fixture.deposit(100);
      RunnerSettings settings = Fixture.QUICK.withParking(ParkingLimit.of(9));
      ProjectionStatus status = failing(settings, poison.everywhere());
      assertThat(status.lastError())
          .contains("more than 9 aggregates parked within PT1H")
          .contains("mend that and start again");
      assertThat(parked(poison).list()).isEmpty();
      assertThat(number(database, "SELECT SUM(sequence) FROM headwater.projection_checkpoint"))
          .isZero();
      poison.mend();
      project(poison);
      assertThat(balances(database)).isEqualTo(fixture.expected());
    }

    @Test
    void counting_those_of_batches_before() {
      RunnerSettings settings = Fixture.QUICK.withParking(ParkingLimit.of(2));
      poison.everywhere();
      Accounts.append(fixture.store, "a", deposited("a", 1));
      Accounts.append(fixture.store, "b", deposited("b", 1));
      project(poison);
      Accounts.append(fixture.store, "c", deposited("c", 1));
      assertThat(failing(settings, poison).lastError()).contains("more than 2 aggregates");
      RunnerSettings brief = Fixture.QUICK.withParking(new ParkingLimit(1, Duration.ofMillis(1)));
      try (ProjectionRunner runner = fixture.runner(database, brief, poison)) {
        runner.start();
        assertCaughtUp(runner);
      }
      assertThat(parked(poison).list()).hasSize(3);
    }

    @Test
    void at_the_first_event_where_none_may_be_parked() {
      Accounts.append(fixture.store, "a", deposited("a", 1));
      RunnerSettings settings = Fixture.QUICK.withParking(ParkingLimit.of(0));
      assertThat(failing(settings, poison.at("a", 1)).lastError())
          .matches(
              "projection balances can't handle event Deposited#1 of stream Account:a at version 1"
                  + " \\(partition \\d, sequence 1\\): IllegalStateException: poison");
    }

    @Test
    void when_a_table_is_missing() throws Exception {
      fixture.deposit(10);
      project(poison);
      fixture.deposit(10);
      try (ProjectionRunner runner = fixture.runner(database, poison)) {
        runner.start();
        assertCaughtUp(runner);
        Fixture.execute(database, "ALTER TABLE ledger RENAME TO ledger_away");
        fixture.deposit(1);
        awaitState(runner, "balances", ProjectionState.FAILED);
      }
      assertThat(parked(poison).list()).isEmpty();
    }
  }
}
