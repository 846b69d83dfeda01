package dev.headwater.projection;

import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.EventType;
import dev.headwater.readmodel.DatabaseTest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class ParkedDecisionsTest extends ParkingFixture {
  @Nested
  class A_retry {
    @BeforeEach
    void park() {
      poison.at("a", 2);
      for (int i = 1; i <= 4; i++) {
        Accounts.append(fixture.store, "a", deposited("a", i));
      }
      project(poison);
    }

    @Test
    void applies_all_waiting_events_in_order() {
      poison.mend();
      assertThat(parked(poison).retry("balances", account("a"), "ann"))
          .isEqualTo(new Retried.Applied(3));
      assertThat(versionsOf("a")).containsExactly(1L, 2L, 3L, 4L);
      assertThat(parked(poison).list()).isEmpty();
      Accounts.append(fixture.store, "a", deposited("a", 5));
      project(poison);
      assertThat(versionsOf("a")).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void that_fails_later_changes_nothing_but_the_reason() {
      poison.mend();
      poison.at("a", 4);
      Retried retried = parked(poison).retry("balances", account("a"), "ann");
      ParkedAggregate still = parked(poison).list().getFirst();
      assertThat(retried).isEqualTo(new Retried.StillParked(still));
      assertThat(still.failedVersion()).isEqualTo(4);
      assertThat(still.attempts()).isEqualTo(2);
      assertThat(still.waitingEvents()).isEqualTo(3);
      assertThat(versionsOf("a")).containsExactly(1L);
    }

    @Test
    void is_recorded_with_who_and_outcome() {
      parked(poison).retry("balances", account("a"), "ann");
      poison.mend();
      parked(poison).retry("balances", account("a"), "bob");
      List<ParkingDecision> decisions = parked(poison).decisions("balances", account("a"));
      assertThat(decisions).extracting(ParkingDecision::who).containsExactly("ann", "bob");
      assertThat((ParkingDecision.Retry) decisions.getFirst())
          .matches(retry -> retry.applied() == 0)
          .matches(retry -> "IllegalStateException: poison".equals(retry.error()));
      assertThat((ParkingDecision.Retry) decisions.getLast())
          .matches(retry -> retry.applied() == 3)
          .matches(retry -> retry.error() == null);
    }

    @Test
    void of_what_is_not_parked_says_so() {
      assertThat(parked(poison).retry("balances", account("b"), "ann"))
          .isEqualTo(new Retried.NotParked());
    }
  }

  @Nested
  class A_skip {
    @BeforeEach
    void park() {
      poison.at("a", 2);
      for (int i = 1; i <= 4; i++) {
        Accounts.append(fixture.store, "a", deposited("a", i));
      }
      project(poison);
    }

    @Test
    void leaves_one_event_out_and_applies_the_rest() {
      assertThat(parked(poison).skip("balances", account("a"), 2, "ann", "booked twice"))
          .isEqualTo(new Skipped.Recorded(new EventType("Deposited", 1), new Retried.Applied(2)));
      assertThat(versionsOf("a")).containsExactly(1L, 3L, 4L);
      assertThat(parked(poison).list()).isEmpty();
    }

    @Test
    void is_recorded_with_who_and_why_though_the_rest_fails() {
      poison.at("a", 3);
      Skipped skipped = parked(poison).skip("balances", account("a"), 2, "ann", "booked twice");
      assertThat(skipped)
          .isInstanceOfSatisfying(
              Skipped.Recorded.class,
              recorded -> assertThat(recorded.then()).isInstanceOf(Retried.StillParked.class));
      assertThat(versionsOf("a")).containsExactly(1L);
      assertThat(parked(poison).list().getFirst().waitingEvents()).isEqualTo(2);
      assertThat(parked(poison).decisions("balances", account("a")).getFirst())
          .isInstanceOfSatisfying(
              ParkingDecision.Skip.class,
              skip -> {
                assertThat(skip.who()).isEqualTo("ann");
                assertThat(skip.why()).isEqualTo("booked twice");
                assertThat(skip.version()).isEqualTo(2);
                assertThat(skip.type()).hasToString("Deposited#1");
              });
    }

    @Test
    void of_an_event_that_does_not_wait_records_nothing() {
      assertThat(parked(poison).skip("balances", account("a"), 1, "ann", "?"))
          .isEqualTo(new Skipped.NotWaiting());
      assertThat(parked(poison).skip("balances", account("b"), 1, "ann", "?"))
          .isEqualTo(new Skipped.NotWaiting());
      assertThat(number(database, "SELECT COUNT(*) FROM headwater.parked_decision")).isZero();
    }
  }
}
