package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.event.Metadata;
import dev.headwater.projection.Accounts.AccountEvent;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReadYourWritesTest extends OnEachDatabase {
  private static final Metadata NOW = Metadata.at(Instant.EPOCH);

  private final AggregateRuntime<Long, Long, AccountEvent> accounts =
      AggregateRuntime.create(
          "Account",
          new Deposit(),
          AccountEvent.class,
          Accounts.CODEC,
          fixture.store,
          RuntimeOptions.DEFAULT);

  /** The command is an amount; zero changes nothing, less is refused. */
  private static final class Deposit implements Decider<Long, Long, AccountEvent> {
    @Override
    public Long initial() {
      return 0L;
    }

    @Override
    public List<AccountEvent> decide(Long amount, Long state) {
      if (amount < 0) {
        throw new Rejection("negative", "amount must not be negative, was: " + amount);
      }
      return amount == 0 ? List.of() : List.of(Accounts.deposited("me", amount));
    }

    @Override
    public Long evolve(Long state, AccountEvent event) {
      return state + (event instanceof Deposited deposited ? deposited.amount().longValue() : 0);
    }
  }

  private Shown<AccountEvent> send(
      AwaitProjection projections, String id, long amount, Duration timeout) {
    return new ReadYourWrites<>(accounts, fixture.store, projections)
        .handle("me", id, NOW, amount, "balances", timeout);
  }

  @Nested
  class A_command_s_outcome_comes_when_the_projection_shows_it {
    @Test
    void whoever_of_two_instances_runs_the_partition() {
      try (ProjectionRunner first = fixture.runner(database, new Balances());
          ProjectionRunner second = fixture.runner(database, new Balances())) {
        first.start();
        second.start();
        for (int i = 1; i <= 20; i++) {
          ProjectionRunner asked = i % 2 == 0 ? first : second;
          assertThat(send(asked, "c" + i, 1, LONG)).isInstanceOf(Shown.Yes.class);
          assertThat(Fixture.balances(database)).containsEntry("me", new BigDecimal(i).setScale(2));
        }
      }
    }

    @Test
    void to_a_process_that_runs_no_projection_too() {
      ProjectionWatch watch =
          new ProjectionWatch(fixture.store, database, List.of(ProjectionId.of(new Balances())));
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertThat(send(watch, "c", 7, LONG)).isInstanceOf(Shown.Yes.class);
        assertThat(Fixture.balances(database)).containsEntry("me", new BigDecimal("7.00"));
      }
    }

    @Test
    void also_if_it_was_handled_before_or_changes_nothing() {
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        CommandOutcome<AccountEvent> first = accounts.handleAndWait("me", "c", NOW, 7L);
        assertThat(first).isInstanceOf(CommandOutcome.Accepted.class);
        runner.start();
        assertThat(send(runner, "c", 7, LONG).command())
            .isInstanceOf(CommandOutcome.AlreadyHandled.class);
        assertThat(Fixture.balances(database)).containsEntry("me", new BigDecimal("7.00"));
        assertThat(send(runner, "d", 0, LONG)).isInstanceOf(Shown.Yes.class);
      }
    }

    @Test
    void at_once_if_it_is_rejected() {
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        assertThat(send(runner, "c", -1, LONG))
            .isEqualTo(
                new Shown.Nothing<>(
                    new CommandOutcome.Rejected<>(
                        "negative", "amount must not be negative, was: -1")));
      }
    }

    @Test
    void or_when_the_time_is_over() {
      ProjectionWatch nobody =
          new ProjectionWatch(fixture.store, database, List.of(ProjectionId.of(new Balances())));
      Shown<AccountEvent> outcome = send(nobody, "c", 7, Duration.ofMillis(30));
      assertThat(outcome).isInstanceOf(Shown.NotYet.class);
      assertThat(outcome.command()).isInstanceOf(CommandOutcome.Accepted.class);
    }

    @Test
    void or_is_known_not_to_come() {
      try (ProjectionRunner stopped = fixture.runner(database, new Balances())) {
        assertThat(send(stopped, "c", 7, LONG)).isInstanceOf(Shown.NotNow.class);
      }
    }
  }
}
