package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.Await;
import dev.headwater.redis.testing.RedisSentinels;
import dev.headwater.store.Durability;
import dev.headwater.store.StoreUnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary whose fail-over is watched by sentinels. */
class RedisSentinelTest {
  private final RedisSentinels redis = new RedisSentinels();

  @AfterEach
  void end() {
    redis.close();
  }

  private RedisStoreOptions options() {
    return redis
        .store()
        .withTimeouts(
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30));
  }

  @Nested
  @Tag("faults")
  class A_fail_over {
    @Test
    void that_was_asked_for_under_load_costs_writers_no_error() throws Exception {
      try (var store = RedisEventStore.connect(options())) {
        Load load = new Load(store, Durability.replicated(1), Commits::newStream);
        load.awaitMore(100);

        redis.failOver();
        Await.until("server 1 takes over", Duration.ofSeconds(20), () -> redis.isPrimary(1));
        Await.until("server 0 follows", Duration.ofSeconds(20), () -> redis.isReplica(0));

        load.awaitMore(100);
        load.stop();
        load.verifyAsWhole(store);
      }
    }

    @Test
    void after_the_death_of_the_primary_loses_nothing_that_was_acknowledged_as_replicated()
        throws Exception {
      try (var store = RedisEventStore.connect(options())) {
        Load load = new Load(store, Durability.replicated(1), Commits::newStream);
        load.awaitMore(100);

        redis.crash(0);
        Await.until("server 1 takes over", Duration.ofSeconds(20), () -> redis.isPrimary(1));
        redis.restart(0); // without it the level can't be reached any more

        load.awaitMore(200);
        load.stop();
        try (var fresh = RedisEventStore.connect(options())) {
          load.verifyAsWhole(fresh);
        }
        assertThat(StoreCheck.run(options(), finding -> {}).findings()).isZero();
      }
    }

    @Test
    void is_survived_by_a_subscription_without_gap_or_double() throws Exception {
      try (var store = RedisEventStore.connect(options());
          var follower = new Follower(store, "group")) {
        Load before = new Load(store, Durability.memory(), Commits::newStream);
        before.awaitMore(100);
        before.stop();
        follower.awaitEnd(store);
        redis.awaitInStep();

        redis.crash(0);
        Load after = new Load(store, Durability.memory(), Commits::newStream);
        after.awaitMore(100);
        after.stop();

        follower.awaitEnd(store);
        assertThat(follower.events()).isEqualTo(before.commits() + after.commits());
      }
    }
  }

  @Nested
  @Tag("faults")
  class A_primary_that_falls_silent {
    @Test
    void is_left_by_writers_and_readers_for_the_one_that_takes_over() throws Exception {
      Duration patience = Duration.ofSeconds(1);
      RedisStoreOptions options =
          redis.store().withTimeouts(patience, patience, patience, Duration.ofSeconds(30));
      try (var store = RedisEventStore.connect(options)) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1));
        redis.awaitInStep();

        redis.freeze(0);
        try {
          assertThat(append(store, commit(stream, 1, 1)).lastVersion()).isEqualTo(2);
          Await.until(
              "a read is answered", Duration.ofSeconds(20), () -> reads(store, stream) == 2);
          assertThat(redis.isPrimary(1)).isTrue();
        } finally {
          redis.thaw(0);
        }
      }
    }

    private int reads(RedisEventStore store, StreamId stream) {
      try {
        return Commits.versions(store, stream).size();
      } catch (StoreUnavailableException e) {
        return 0;
      }
    }
  }

  @Nested
  class Addresses {
    @Test
    void name_the_sentinels_and_no_password() {
      RedisStoreOptions options =
          RedisStoreOptions.at(
              redis.uri().replace("redis-sentinel://", "redis-sentinel://s3cret@"));

      assertThat(options.toString()).contains("(sentinels of events)").doesNotContain("s3cret");
      assertThatThrownBy(() -> RedisStoreOptions.at("redis-sentinel://a:1,b:2"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sentinelMasterId");
      try (var store = RedisEventStore.connect(redis.store())) {
        append(store, commit(newStream(), 0, 1));
      }
    }
  }
}
