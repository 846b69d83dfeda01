package dev.headwater.telemetry;

import static dev.headwater.telemetry.Wallets.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.store.AppendResult;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MeteredEventStoreTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EventStore store = new MeteredEventStore(TestRedis.newStore(), registry);

  @AfterEach
  void close() {
    store.close();
  }

  private long appends(String outcome) {
    var timer = registry.find("headwater.append").tag("outcome", outcome).timer();
    return timer == null ? 0 : timer.count();
  }

  @Nested
  class Appends {
    @Test
    void are_timed_by_what_came_of_them_and_their_events_are_counted_once() {
      store.appendAndWait(commit("c1", ExpectedVersion.noStream(), 1, 2, 3));
      store.appendAndWait(commit("c1", ExpectedVersion.noStream(), 1, 2, 3));
      store.appendAndWait(commit("c2", ExpectedVersion.noStream(), 4));
      store.appendAndWait(commit("c3", ExpectedVersion.exactly(9), 4));
      // No replica is there to receive it.
      AppendResult alone =
          store.appendAndWait(
              commit("c4", ExpectedVersion.exactly(3), 5), Durability.replicated(1));

      assertThat(alone).isInstanceOf(AppendResult.NotDurable.class);
      assertThat(appends("appended")).isEqualTo(1);
      assertThat(appends("duplicate")).isEqualTo(1);
      assertThat(appends("conflict")).isEqualTo(1);
      assertThat(appends("store_behind")).isEqualTo(1);
      assertThat(appends("not_durable")).isEqualTo(1);
      assertThat(registry.get("headwater.append.events").counter().count()).isEqualTo(4);
      assertThat(
              registry
                  .get("headwater.append")
                  .tag("outcome", "appended")
                  .timer()
                  .totalTime(TimeUnit.NANOSECONDS))
          .isPositive();
    }

    @Test
    void that_fail_are_counted_and_fail_as_they_did() {
      store.close();
      assertThatThrownBy(() -> store.appendAndWait(commit("c1", ExpectedVersion.any(), 1)))
          .isInstanceOf(EventStoreException.class);
      assertThat(registry.get("headwater.append").timers())
          .singleElement()
          .satisfies(timer -> assertThat(timer.count()).isEqualTo(1));
    }

    @Test
    void carry_no_id_in_their_tags() {
      store.appendAndWait(commit("c1", ExpectedVersion.any(), 1));
      assertThat(registry.getMeters())
          .flatExtracting(meter -> meter.getId().getTags())
          .extracting(tag -> tag.getValue())
          .doesNotContain("anna", "c1");
    }
  }
}
