package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.memory.InMemoryEventStore;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final ProjectionId ORDERS = new ProjectionId("orders", 1);
  private static final Roster NOBODY =
      new Roster(Map.of(), new TreeMap<>(), Map.of(), Duration.ofHours(1));

  private final Heads heads = new Heads(new InMemoryEventStore(1));
  private final Ownership ownership =
      new Ownership(ORDERS, "me", heads, Duration.ofHours(1), new Progress(ORDERS, heads));

  private void seen(Duration validFor) {
    long now = System.nanoTime();
    ownership.seen(NOBODY, now, now + validFor.toNanos());
  }

  @Nested
  class An_instance_writes_nothing {
    @Test
    void before_it_has_a_lease() {
      assertThatThrownBy(ownership::requireValid).isInstanceOf(SQLTransientException.class);
    }

    @Test
    void when_its_leases_may_have_run_out_by_its_own_clock() {
      seen(Duration.ofHours(1));
      assertThatCode(ownership::requireValid).doesNotThrowAnyException();
      seen(Duration.ofHours(-1));
      assertThatThrownBy(ownership::requireValid)
          .isInstanceOf(SQLTransientException.class)
          .hasMessageContaining("leases of instance me could not be renewed");
    }
  }
}
