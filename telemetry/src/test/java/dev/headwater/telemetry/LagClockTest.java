package dev.headwater.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import dev.headwater.projection.ParkedCount;
import dev.headwater.projection.ProjectionState;
import dev.headwater.projection.ProjectionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LagClockTest {
  /** A projection on one partition that is so many events behind. */
  private static ProjectionStatus behind(long events) {
    return new ProjectionStatus(
        "balances",
        1,
        ProjectionState.LIVE,
        List.of(new ProjectionStatus.Partition(0, 5, 5 + events, true)),
        0,
        new ParkedCount(0, 0),
        null);
  }

  @Nested
  class The_lag_in_time {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T10:00:00Z"));
    private final LagClock lag = new LagClock(clock);

    private double lag(long behind) {
      lag.holds(Set.of(0));
      return lag.seconds(behind(behind));
    }

    private static Position storedAt(String instant) {
      return new Position(0, 1, 5, Instant.parse(instant).toEpochMilli() + "-0");
    }

    @Test
    void is_zero_while_nothing_waits() {
      clock.advance(Duration.ofHours(1));
      assertThat(lag(0)).isZero();
    }

    @Test
    void is_counted_from_the_store_s_time_of_the_event_before() {
      lag.applied(List.of(storedAt("2026-03-02T09:00:00Z")));
      assertThat(lag(3)).isEqualTo(3_600);
    }

    @Test
    void of_an_idle_store_is_counted_from_when_all_was_applied() {
      lag.applied(List.of(storedAt("2026-03-02T09:00:00Z")));
      clock.advance(Duration.ofHours(2));
      lag.caughtUp();
      clock.advance(Duration.ofSeconds(3));
      assertThat(lag(1)).isEqualTo(3);
    }

    @Test
    void of_a_store_whose_ids_are_no_times_is_counted_from_the_beginning_of_the_watch() {
      lag.applied(List.of(new Position(0, 1, 5, "5-0")));
      clock.advance(Duration.ofSeconds(7));
      assertThat(lag(1)).isEqualTo(7);
    }
  }
}
