package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.StoreUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectTest {
  private static RedisStoreOptions impatient(RedisStoreOptions options) {
    Duration short_ = Duration.ofSeconds(2);
    return options.withTimeouts(short_, short_, short_, short_);
  }

  @Nested
  class A_server_that_is_not_there {
    @Test
    void is_named_with_its_address_and_without_the_password() throws IOException {
      int port;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        port = socket.getLocalPort();
      }
      var options = impatient(RedisStoreOptions.at("redis://app:s3cret@127.0.0.1:" + port));

      assertThatThrownBy(() -> RedisEventStore.connect(options))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("can't reach Redis at 127.0.0.1:" + port + ":")
          .hasMessageContaining("is it running?")
          .hasMessageNotContaining("s3cret");
    }
  }

  @Nested
  class Credentials {
    @Test
    void missing_and_wrong_ones_are_told_apart_from_a_server_that_is_down() {
      RedisServerOptions server =
          RedisServerOptions.in(TestRedis.newFolder()).withSetting("requirepass", "s3cret");
      try (OwnRedis redis = new OwnRedis(server)) {
        String address = "127.0.0.1:" + redis.server().port();

        assertThatThrownBy(() -> RedisEventStore.connect(impatient(redis.store())))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("NOAUTH")
            .hasMessageContaining("credentials");
        assertThatThrownBy(
                () -> RedisEventStore.connect(RedisStoreOptions.at("redis://:wr0ng@" + address)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining(address)
            .hasMessageContaining("was reached and refuses: WRONGPASS")
            .hasMessageContaining("credentials")
            .hasMessageNotContaining("wr0ng");
        RedisEventStore.connect(RedisStoreOptions.at("redis://:s3cret@" + address)).close();
      }
    }

    @Test
    void are_never_shown() {
      var options = RedisStoreOptions.at("redis://app:s3cret@example.com:7000");

      assertThat(options.toString()).doesNotContain("s3cret").contains("example.com:7000");
      assertThatThrownBy(() -> RedisStoreOptions.at("redis://:s3cret@a host:1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("s3cret")
          .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret@x", "s3cret?x", "s3cret#x", "s3cret/x", "s3cret%x"})
    void that_are_not_encoded_are_refused_and_not_taken_for_a_host(String password) {
      assertThatThrownBy(() -> RedisStoreOptions.at("redis://app:" + password + "@host:7000"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("percent-encoded")
          .hasMessageNotContaining("s3cret");
    }
  }

  @Nested
  class Addresses {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "redis://app:s3%40cret@host:7000/2",
          "redis://[::1]:7000",
          "redis://app:s3cret@[fe80::1:2]:7000",
          "rediss-cluster://app:s3cret@a:1,b:2",
          "redis-cluster://[::1]:7000",
          "redis-sentinel://app:s3cret@a:1,b:2/1?sentinelMasterId=events",
          "rediss-sentinel://app:s3cret@a:1,b:2?sentinelMasterId=events"
        })
    void of_all_forms_are_taken(String uri) {
      assertThat(RedisStoreOptions.at(uri).toString()).startsWith("store headwater at ");
    }
  }

  @Nested
  class Options {
    private final RedisStoreOptions options = RedisStoreOptions.at("redis://host:7000");
    private final Duration second = Duration.ofSeconds(1);

    @Test
    void that_can_t_be_are_named() {
      assertThatThrownBy(() -> options.withMaxQueuedBytes(0))
          .hasMessageContaining("maxQueuedBytes");
      assertThatThrownBy(() -> options.withTimeouts(Duration.ZERO, second, second, second))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("connectTimeout");
      assertThatThrownBy(() -> options.withTimeouts(second, Duration.ofSeconds(-1), second, second))
          .hasMessageContaining("readTimeout");
      assertThatThrownBy(() -> options.withTimeouts(second, second, Duration.ofNanos(1), second))
          .hasMessageContaining("replyTimeout");
      assertThatThrownBy(() -> options.withTimeouts(second, second, second, Duration.ZERO))
          .hasMessageContaining("appendDeadline");
    }
  }

  @Nested
  class A_server_that_answers_with_an_error {
    @Test
    void is_not_said_to_be_out_of_reach() {
      String uri = TestRedis.shared().uri().replaceFirst("(/\\d+)?$", "/9999");

      assertThatThrownBy(() -> RedisEventStore.connect(RedisStoreOptions.at(uri)))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("was reached and refuses")
          .hasMessageContaining("DB index")
          .hasMessageNotContaining("is it running");
    }
  }

  @Nested
  class A_store_that_exists {
    private final TestRedis redis = TestRedis.shared();

    @Test
    void keeps_its_number_of_partitions() {
      RedisStoreOptions options = redis.newStore();
      try (var store = RedisEventStore.connect(options.withPartitions(3))) {
        assertThat(store.partitionCount()).isEqualTo(3);
      }
      try (var store = RedisEventStore.connect(options.withPartitions(7))) {
        assertThat(store.partitionCount()).isEqualTo(3);
      }
    }

    @Test
    void keeps_the_epochs_of_its_partitions() {
      RedisStoreOptions options = redis.newStore();
      try (var one = RedisEventStore.connect(options);
          var other = RedisEventStore.connect(options)) {
        for (int p = 0; p < one.partitionCount(); p++) {
          assertThat(other.head(p)).isEqualTo(one.head(p));
        }
      }
    }

    @Test
    void is_refused_if_a_newer_version_made_it() {
      try (OwnRedis own = new OwnRedis()) {
        own.tell(commands -> commands.hset("headwater:meta", "layout", "99"));

        assertThatThrownBy(() -> RedisEventStore.connect(own.store()))
            .isInstanceOf(EventStoreException.class)
            .hasMessageContaining("layout 99")
            .hasMessageContaining("newer");
      }
    }

    @Test
    void is_refused_if_its_keys_hold_something_else() {
      try (OwnRedis own = new OwnRedis()) {
        own.tell(commands -> commands.set("headwater:meta", "text"));

        assertThatThrownBy(() -> RedisEventStore.connect(own.store()))
            .isInstanceOf(EventStoreException.class)
            .hasMessageContaining("WRONGTYPE")
            .hasMessageContaining("headwater:meta");
      }
    }

    @Test
    void gives_up_a_read_at_once_when_the_reader_is_interrupted() {
      Duration patience = Duration.ofSeconds(30);
      RedisStoreOptions options =
          redis.newStore().withTimeouts(patience, patience, patience, patience);
      try (var store = RedisEventStore.connect(options)) {
        long start = System.nanoTime();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> store.head(0))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      }
    }

    @Test
    void is_refused_if_a_head_was_lost() {
      try (OwnRedis own = new OwnRedis()) {
        RedisEventStore.connect(own.store()).close();
        own.tell(commands -> commands.xadd("headwater:{1}:log", "r", "1|Order:1|1|1|Placed#1"));
        own.tell(commands -> commands.del("headwater:{1}:head"));

        assertThatThrownBy(() -> RedisEventStore.connect(own.store()))
            .isInstanceOf(EventStoreException.class)
            .hasMessageContaining("headwater:{1}:head")
            .hasMessageContaining("restore");
      }
    }
  }
}
