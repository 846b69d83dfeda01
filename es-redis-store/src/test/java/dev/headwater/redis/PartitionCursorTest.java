package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PartitionCursorTest {
  private final PartitionCursor cursor = new PartitionCursor(Position.start(0, 1));

  private static Delivery delivery(long sequence, int count) {
    return new Delivery(
        new LogReference(sequence + "-0", sequence, "Order:a", sequence, count, "Placed#1"),
        List.of());
  }

  @Nested
  class What_is_taken_over {
    @Test
    void ends_before_a_gap() {
      assertThat(cursor.take(List.of(delivery(1, 2), delivery(4, 1)))).isFalse();
      assertThat(cursor.deliver(10).next().sequence()).isEqualTo(2);
      assertThat(cursor.hasReady()).isFalse();
      assertThat(cursor.take(List.of(delivery(3, 1), delivery(4, 1)))).isTrue();
      assertThat(cursor.deliver(10).next().sequence()).isEqualTo(4);
    }

    @Test
    void is_what_was_not_taken_before() {
      assertThat(cursor.take(List.of(delivery(1, 2)))).isTrue();
      assertThat(cursor.take(List.of(delivery(1, 2)))).isTrue();
      assertThat(cursor.deliver(10).next().sequence()).isEqualTo(2);
      assertThat(cursor.hasReady()).isFalse();
    }
  }
}
