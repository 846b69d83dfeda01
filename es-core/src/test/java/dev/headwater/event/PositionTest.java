package dev.headwater.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PositionTest {
  private static final Position SEVENTH = new Position(3, 42, 7, "100-0");

  @Nested
  class The_start {
    @Test
    void is_before_the_first_event() {
      assertThat(Position.start(3, 42)).isEqualTo(new Position(3, 42, 0, "0-0"));
      assertThat(SEVENTH.isAtOrAfter(Position.start(3, 42))).isTrue();
      assertThat(Position.start(3, 42).isAtOrAfter(SEVENTH)).isFalse();
    }
  }

  @Nested
  class Positions_of_one_partition {
    @Test
    void are_ordered_by_their_sequence() {
      assertThat(SEVENTH.isAtOrAfter(SEVENTH)).isTrue();
      assertThat(SEVENTH.isAtOrAfter(new Position(3, 42, 6, "200-0"))).isTrue();
      assertThat(SEVENTH.isAtOrAfter(new Position(3, 42, 8, "50-0"))).isFalse();
    }
  }

  @Nested
  class Positions_without_a_common_order {
    @Test
    void can_not_be_compared() {
      for (Position other :
          new Position[] {new Position(4, 42, 7, "100-0"), new Position(3, 43, 7, "100-0")}) {
        assertThatThrownBy(() -> SEVENTH.isAtOrAfter(other))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("no common order: " + SEVENTH + " and " + other);
      }
    }
  }
}
