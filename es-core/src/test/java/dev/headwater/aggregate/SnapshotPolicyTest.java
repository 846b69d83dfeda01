package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SnapshotPolicyTest {
  @Nested
  class A_snapshot_is_due {
    @Test
    void by_count_once_so_many_events_are_behind_the_latest() {
      SnapshotPolicy policy = SnapshotPolicy.every(100);

      assertThat(policy.isDue(99, Long.MAX_VALUE)).isFalse();
      assertThat(policy.isDue(100, 0)).isTrue();
      assertThat(policy.isDue(Long.MAX_VALUE, 0)).isTrue();
    }

    @Test
    void by_cost_once_loading_would_take_so_long() {
      SnapshotPolicy policy = SnapshotPolicy.whenReplayTakes(Duration.ofMillis(5));

      assertThat(policy.isDue(Long.MAX_VALUE, 4_999_999)).isFalse();
      assertThat(policy.isDue(1, 5_000_000)).isTrue();
    }

    @Test
    void by_either_of_two() {
      SnapshotPolicy policy =
          SnapshotPolicy.every(100).or(SnapshotPolicy.whenReplayTakes(Duration.ofNanos(7)));

      assertThat(policy.isDue(99, 6)).isFalse();
      assertThat(policy.isDue(100, 6)).isTrue();
      assertThat(policy.isDue(99, 7)).isTrue();
    }

    @Test
    void never() {
      assertThat(SnapshotPolicy.never().isDue(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
    }
  }

  @Nested
  class A_policy {
    @Test
    void needs_a_bound_above_zero() {
      assertThatIllegalArgumentException().isThrownBy(() -> SnapshotPolicy.every(0));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SnapshotPolicy.whenReplayTakes(Duration.ZERO));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SnapshotPolicy.whenReplayTakes(Duration.ofNanos(-1)));
    }
  }

  @Nested
  class The_cost_of_a_replay {
    private final ReplayCost cost = new ReplayCost();

    @Test
    void is_assumed_before_anything_was_measured() {
      assertThat(cost.nanosFor(1_000)).isEqualTo(5_000_000);
    }

    @Test
    void is_what_loads_took_for_each_event() {
      cost.measured(1_000, 2_000_000);
      cost.measured(3_000, 2_000_000);

      assertThat(cost.nanosFor(1)).isEqualTo(1_000);
      assertThat(cost.nanosFor(50)).isEqualTo(50_000);
    }

    @Test
    void is_not_told_by_loads_so_short_that_the_round_trip_takes_the_time() {
      cost.measured(99, 1_000_000_000);

      assertThat(cost.nanosFor(1)).isEqualTo(5_000);
    }

    @Test
    void follows_what_loads_take_now() {
      cost.measured(1_000_000, 1_000_000_000);
      for (int i = 0; i < 100; i++) {
        cost.measured(10_000, 90_000_000);
      }

      assertThat(cost.nanosFor(1)).isBetween(8_900L, 9_000L);
    }
  }
}
