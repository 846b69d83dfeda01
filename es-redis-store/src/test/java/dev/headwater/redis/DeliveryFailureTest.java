package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.starts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.FlakyProxy;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.GroupLostException;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DeliveryFailureTest {
  private static final String LOG = "headwater:{0}:log";

  private final OwnRedis redis = new OwnRedis();
  private final StreamId stream = newStream();

  @AfterEach
  void end() {
    redis.close();
  }

  private static DeliverySpec spec(String member, List<Position> from) {
    return new DeliverySpec("group", member, from, type -> true, 100, Duration.ofSeconds(20));
  }

  /** Polls and acknowledges until that version came, through failures that allow another poll. */
  private static List<Long> handleUntil(Deliveries deliveries, long last) {
    List<Long> versions = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!versions.contains(last) && System.nanoTime() < deadline) {
      try {
        List<Delivered> polled = deliveries.poll(Duration.ofMillis(100));
        polled.forEach(
            each -> each.events().forEach(event -> versions.add(event.event().version())));
        deliveries.acknowledge(polled);
      } catch (StoreUnavailableException e) {
        Thread.onSpinWait();
      }
    }
    return versions;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Nested
  class A_group_that_is_lost {
    @Test
    void is_told_and_made_anew_at_the_last_known_place() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        append(store, commit(stream, 0, 1));
        append(store, commit(stream, 1, 1));
        List<Position> place;
        try (Deliveries deliveries = store.deliver(spec("a", starts(store)))) {
          assertThat(handleUntil(deliveries, 2)).isEqualTo(range(1, 2));
          append(store, commit(stream, 2, 1));
          redis.tell(commands -> commands.xgroupDestroy(LOG, "group"));

          assertThatThrownBy(
                  () -> {
                    while (true) {
                      deliveries.poll(Duration.ofMillis(100));
                    }
                  })
              .isInstanceOf(GroupLostException.class)
              .hasMessageContaining("group group of partition 0");
          place = deliveries.acknowledged();
        }
        append(store, commit(stream, 3, 1));

        try (Deliveries deliveries = store.deliver(spec("b", place))) {
          assertThat(handleUntil(deliveries, 4)).isEqualTo(range(3, 4));
        }
      }
    }

    @Test
    void together_with_the_store_means_that_the_store_went_back() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        append(store, commit(stream, 0, 1));
        try (Deliveries deliveries = store.deliver(spec("a", starts(store)))) {
          assertThat(handleUntil(deliveries, 1)).isEqualTo(range(1, 1));
          redis.tell(commands -> commands.flushall());

          assertThatThrownBy(
                  () -> {
                    while (true) {
                      deliveries.poll(Duration.ofMillis(100));
                    }
                  })
              .isInstanceOf(EventStoreException.class);
          assertThatThrownBy(() -> store.deliver(spec("b", deliveries.acknowledged())))
              .isInstanceOf(StoreWentBackException.class);
        }
      }
    }
  }

  @Nested
  class A_poll_that_fails {
    @Test
    void in_the_middle_of_what_it_got_is_made_up_for_by_the_next_one() {
      AtomicInteger asked = new AtomicInteger();
      Predicate<EventType> failsOnce =
          type -> {
            if (asked.incrementAndGet() == 5) {
              throw new StoreUnavailableException("just now", null);
            }
            return true;
          };
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        for (int i = 0; i < 5; i++) {
          append(store, commit(stream, i, 1));
        }
        DeliverySpec spec =
            new DeliverySpec("group", "a", starts(store), failsOnce, 100, Duration.ofSeconds(20));
        try (Deliveries deliveries = store.deliver(spec)) {
          assertThatThrownBy(() -> deliveries.poll(Duration.ofSeconds(10)))
              .isInstanceOf(StoreUnavailableException.class);
          assertThat(handleUntil(deliveries, 5)).isEqualTo(range(1, 5));
        }
      }
    }
  }

  @Nested
  class Connections_that_break {
    @Test
    void lose_nothing_and_keep_the_order() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          var store = RedisEventStore.connect(RedisStoreOptions.at(proxy.uri()).withPartitions(1));
          var writer = RedisEventStore.connect(redis.store().withPartitions(1));
          Deliveries deliveries = store.deliver(spec("a", starts(store)))) {
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          append(writer, commit(stream, 10L * i, 10));
          if (i % 2 == 0) {
            proxy.disconnectAll();
          } else {
            proxy.loseReplies(1);
          }
          seen.addAll(handleUntil(deliveries, 10L * i + 10));
        }

        assertThat(new TreeSet<>(seen)).containsExactlyElementsOf(range(1, 120));
        assertThat(seen).isSorted();
      }
    }

    @Test
    void a_server_that_was_down_goes_on_where_it_was() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1));
          Deliveries deliveries = store.deliver(spec("a", starts(store)))) {
        append(store, commit(stream, 0, 1));
        assertThat(handleUntil(deliveries, 1)).isEqualTo(range(1, 1));
        append(store, commit(stream, 1, 1));
        List<Delivered> held = deliveries.poll(Duration.ofSeconds(10));
        redis.crashAndRestart();
        append(store, commit(stream, 2, 1));

        assertThat(handleUntil(deliveries, 3)).isEqualTo(range(3, 3));
        assertThat(held).hasSize(1);
        deliveries.acknowledge(held);
        redis.tell(commands -> assertThat(commands.xpending(LOG, "group").getCount()).isZero());
      }
    }
  }

  @Nested
  class A_member_that_is_gone_leaves_no_name_behind {
    private String members() {
      StringBuilder members = new StringBuilder();
      redis.tell(commands -> members.append(commands.xinfoConsumers(LOG, "group")));
      return members.toString();
    }

    @Test
    void once_another_one_has_taken_what_it_held() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        append(store, commit(stream, 0, 1));
        Deliveries gone = store.deliver(spec("gone", starts(store)));
        assertThat(gone.poll(Duration.ofSeconds(10))).hasSize(1);
        gone.close();
        assertThat(members()).contains("gone");

        try (Deliveries deliveries = store.deliver(spec("here", starts(store)))) {
          assertThat(handleUntil(deliveries, 1)).isEqualTo(range(1, 1));
          assertThat(members()).contains("here").doesNotContain("gone");
        }
      }
    }

    @Test
    void at_once_if_it_held_nothing() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        append(store, commit(stream, 0, 1));
        try (Deliveries deliveries = store.deliver(spec("here", starts(store)))) {
          assertThat(handleUntil(deliveries, 1)).isEqualTo(range(1, 1));
          assertThat(members()).contains("here");
        }
        assertThat(members()).isEqualTo("[]");
      }
    }
  }

  @Nested
  class A_commit_that_is_stored_with_others {
    @Test
    void may_be_where_a_group_begins() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        List<Position> receipts =
            LongStream.range(0, 30)
                .mapToObj(v -> store.append(commit(stream, v, 1)))
                .toList()
                .stream()
                .map(result -> Commits.receipt(result.join()).position())
                .toList();
        for (Position receipt : receipts.subList(0, 29)) {
          DeliverySpec spec =
              new DeliverySpec(
                  "from-" + receipt.sequence(),
                  "a",
                  List.of(receipt),
                  type -> true,
                  100,
                  Duration.ofSeconds(20));
          try (Deliveries deliveries = store.deliver(spec)) {
            assertThat(handleUntil(deliveries, 30)).containsAll(range(receipt.sequence() + 1, 30));
          }
        }
      }
    }
  }
}
