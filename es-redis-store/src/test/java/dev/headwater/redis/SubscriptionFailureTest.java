package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.starts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.FlakyProxy;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SubscriptionFailureTest {
  private final OwnRedis redis = new OwnRedis();

  @AfterEach
  void end() {
    redis.close();
  }

  private static SubscriptionSpec spec(List<Position> from) {
    return new SubscriptionSpec("group", "consumer", from, type -> true, 100);
  }

  /** Polls until so many events have come, through failures that allow another poll. */
  private static List<Long> versions(Subscription subscription, int count) {
    List<Long> versions = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (versions.size() < count && System.nanoTime() < deadline) {
      try {
        versions.addAll(versions(subscription.poll(Duration.ofMillis(100))));
      } catch (StoreUnavailableException e) {
        Thread.onSpinWait();
      }
    }
    return versions;
  }

  private static List<Long> versions(List<PartitionBatch> batches) {
    return batches.stream()
        .flatMap(batch -> batch.events().stream())
        .map(event -> event.event().version())
        .toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Nested
  class The_consumer_group {
    @Test
    void is_made_again_when_it_is_lost() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1));
          var subscription = store.subscribe(spec(starts(store)))) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1));
        assertThat(versions(subscription, 1)).isEqualTo(range(1, 1));
        assertThat(subscription.poll(Duration.ofMillis(50))).isEmpty();

        redis.tell(commands -> commands.xgroupDestroy("headwater:{0}:log", "group"));
        append(store, commit(stream, 1, 5));

        assertThat(versions(subscription, 5)).isEqualTo(range(2, 6));
        redis.tell(
            commands ->
                assertThat(commands.xinfoGroups("headwater:{0}:log").toString()).contains("group"));
      }
    }

    @Test
    @SuppressWarnings("unchecked") // a generic array for one argument
    void may_be_read_by_a_stranger_without_loss() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1));
          var subscription = store.subscribe(spec(starts(store)))) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1));
        assertThat(versions(subscription, 1)).isEqualTo(range(1, 1));
        for (int i = 0; i < 10; i++) {
          append(store, commit(stream, ExpectedVersion.any(), 1));
          redis.tell(
              commands ->
                  commands.xreadgroup(
                      Consumer.from("group", "stranger"),
                      XReadArgs.Builder.noack(true),
                      XReadArgs.StreamOffset.lastConsumed("headwater:{0}:log")));
        }

        assertThat(versions(subscription, 10)).isEqualTo(range(2, 11));
      }
    }

    @Test
    void has_its_place_set_when_another_owner_takes_over() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 10));
        append(store, commit(stream, 10, 10));
        Position first;
        try (var one = store.subscribe(spec(starts(store)))) {
          assertThat(versions(one, 20)).isEqualTo(range(1, 20));
          first = new Position(0, store.head(0).epoch(), 10, firstLogId());
        }
        try (var two = store.subscribe(spec(List.of(first)))) {
          assertThat(versions(two, 10)).isEqualTo(range(11, 20));
        }
      }
    }

    private String firstLogId() {
      List<String> id = new ArrayList<>();
      redis.tell(
          commands ->
              id.add(
                  commands
                      .xrange("headwater:{0}:log", io.lettuce.core.Range.unbounded())
                      .getFirst()
                      .getId()));
      return id.getFirst();
    }
  }

  @Nested
  class Connections_that_break {
    @Test
    void lose_and_double_nothing() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          var store = RedisEventStore.connect(RedisStoreOptions.at(proxy.uri()).withPartitions(1));
          var writer = RedisEventStore.connect(redis.store().withPartitions(1));
          var subscription = store.subscribe(spec(starts(store)))) {
        StreamId stream = newStream();
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          append(writer, commit(stream, 10L * i, 10));
          if (i % 2 == 0) {
            proxy.disconnectAll();
          } else {
            proxy.loseReplies(1);
          }
          seen.addAll(versions(subscription, 10));
        }

        assertThat(seen).isEqualTo(range(1, 200));
      }
    }

    @Test
    void a_server_that_is_down_is_told_and_later_it_goes_on() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1));
          var subscription = store.subscribe(spec(starts(store)))) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1));
        assertThat(versions(subscription, 1)).isEqualTo(range(1, 1));
        redis.crash();

        assertThatThrownBy(
                () -> {
                  while (true) {
                    subscription.poll(Duration.ofMillis(100));
                  }
                })
            .isInstanceOf(StoreUnavailableException.class);

        redis.restart();
        append(store, commit(stream, 1, 1));
        assertThat(versions(subscription, 1)).isEqualTo(range(2, 2));
      }
    }

    @Test
    void a_server_that_falls_silent_while_catching_up_is_told_and_later_it_goes_on()
        throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          var store = RedisEventStore.connect(impatient(proxy));
          var writer = RedisEventStore.connect(redis.store().withPartitions(1))) {
        append(writer, commit(newStream(), 0, 400));
        StreamId stream = newStream();
        for (int i = 0; i < 400; i++) {
          append(writer, commit(stream, i, 1));
        }
        try (var subscription = store.subscribe(spec(starts(store)))) {
          List<Long> seen = versions(subscription, 400);
          proxy.mute(true);

          assertThatThrownBy(
                  () -> {
                    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                    while (System.nanoTime() < end) {
                      seen.addAll(versions(subscription.poll(Duration.ofMillis(50))));
                    }
                  })
              .isInstanceOf(StoreUnavailableException.class)
              .hasMessageContaining("did not answer a read of partition 0");

          proxy.mute(false);
          proxy.disconnectAll();
          assertThat(seen).hasSizeLessThan(800);
          seen.addAll(versions(subscription, 800 - seen.size()));
          assertThat(seen.subList(400, 800)).isEqualTo(range(1, 400));
        }
      }
    }

    private RedisStoreOptions impatient(FlakyProxy proxy) {
      Duration time = Duration.ofMillis(300);
      return RedisStoreOptions.at(proxy.uri())
          .withPartitions(1)
          .withTimeouts(Duration.ofSeconds(2), time, time, Duration.ofSeconds(5));
    }

    @Test
    void closing_wakes_a_poll() throws Exception {
      try (var store = RedisEventStore.connect(redis.store())) {
        var subscription = store.subscribe(spec(starts(store)));
        Thread poller = Thread.ofVirtual().start(() -> subscription.poll(Duration.ofMinutes(5)));
        while (poller.getState() == Thread.State.RUNNABLE) {
          Thread.onSpinWait();
        }

        subscription.close();

        assertThat(poller.join(Duration.ofSeconds(30))).isTrue();
      }
    }
  }

  @Nested
  class A_store_that_went_back {
    @Test
    void is_noticed_by_a_subscription_that_is_open() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1));
          var subscription = store.subscribe(spec(starts(store)))) {
        append(store, commit(newStream(), 0, 1));
        assertThat(versions(subscription, 1)).isEqualTo(range(1, 1));
        redis.tell(commands -> commands.flushall());

        assertThatThrownBy(
                () -> {
                  while (true) {
                    try {
                      subscription.poll(Duration.ofMillis(100));
                    } catch (StoreUnavailableException e) {
                      Thread.onSpinWait();
                    }
                  }
                })
            .isInstanceOf(StoreWentBackException.class);
      }
    }

    @Test
    void is_noticed_when_the_entry_of_a_checkpoint_is_another_one() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        append(store, commit(newStream(), 0, 2));
        Position head = append(store, commit(newStream(), 0, 2)).position();
        Position other = new Position(0, head.epoch(), 1, head.logId());

        assertThatThrownBy(() -> store.subscribe(spec(List.of(other))))
            .isInstanceOf(StoreWentBackException.class)
            .hasMessageContaining("projection group");
      }
    }

    @Test
    void is_noticed_when_events_are_gone_that_the_log_refers_to() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 2));
        redis.tell(commands -> commands.del("headwater:{0}:s:" + stream));

        try (var subscription = store.subscribe(spec(starts(store)))) {
          assertThatThrownBy(() -> subscription.poll(Duration.ofSeconds(5)))
              .isInstanceOf(StoreWentBackException.class)
              .hasMessageContaining(stream.toString());
        }
      }
    }
  }
}
