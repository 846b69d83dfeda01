package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.notDurable;
import static dev.headwater.redis.Commits.versions;
import static dev.headwater.redis.TestServers.hasWaitAof;
import static dev.headwater.redis.TestServers.open;
import static dev.headwater.redis.TestServers.options;
import static dev.headwater.redis.TestServers.replicaOf;
import static dev.headwater.redis.TestServers.signal;
import static dev.headwater.redis.TestServers.start;
import static dev.headwater.redis.TestServers.tell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.Receipt;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each level on servers that can reach it and on servers that can't. */
class DurabilityTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Durability MEMORY = Durability.memory();
  private static final Durability LOCAL = Durability.local();

  @Nested
  class On_each_server {
    @ParameterizedTest
    @MethodSource("dev.headwater.redis.TestServers#binaries")
    void everysec_is_local_where_the_server_can_wait_for_its_disk(Path binary) {
      try (RedisServer server = start(binary, Fsync.EVERYSEC);
          EventStore store =
              RedisEventStore.connect(RedisStoreOptions.at(server.uri()).withDurability(LOCAL))) {
        for (int i = 0; i < 2; i++) {
          AppendResult result = store.appendAndWait(commit(newStream(), 0, 1));

          if (hasWaitAof(server)) {
            assertThat(Commits.receipt(result).durability()).isEqualTo(LOCAL);
          } else {
            assertThat(notDurable(result).reason())
                .contains("appendfsync is everysec", "has no WAITAOF", "appendfsync always");
          }
        }
      }
    }

    @ParameterizedTest
    @MethodSource("dev.headwater.redis.TestServers#binaries")
    void without_an_append_only_file_nothing_is_local(Path binary) {
      try (RedisServer server =
              RedisServer.start(options(binary, Fsync.ALWAYS).withSetting("appendonly", "no"));
          EventStore store = open(server.uri())) {
        StreamId stream = newStream();

        NotDurable result = notDurable(store.appendAndWait(commit(stream, 0, 1), LOCAL));

        assertThat(result.reason()).contains("appendonly is no", "set appendonly yes");
        assertThat(result.receipt().durability()).isEqualTo(MEMORY);
        assertThat(versions(store, stream)).containsExactly(1L);
      }
    }

    @ParameterizedTest
    @MethodSource("dev.headwater.redis.TestServers#binaries")
    void a_setting_that_changes_is_noticed(Path binary) {
      try (RedisServer server = start(binary, Fsync.ALWAYS);
          EventStore store = open(server.uri())) {
        assertThat(store.appendAndWait(commit(newStream(), 0, 1), LOCAL))
            .isInstanceOf(Appended.class);

        tell(server, redis -> redis.configSet("appendfsync", "no"));
        NotDurable result = notDurable(store.appendAndWait(commit(newStream(), 0, 1), LOCAL));
        tell(server, redis -> redis.configSet("appendfsync", "always"));

        assertThat(result.reason()).contains("appendfsync is no");
        assertThat(store.appendAndWait(commit(newStream(), 0, 1), LOCAL))
            .isInstanceOf(Appended.class);
      }
    }

    /** WAITAOF would say yes at once on a connection that has written nothing. */
    @ParameterizedTest
    @MethodSource("dev.headwater.redis.TestServers#binaries")
    void what_another_connection_stored_is_not_taken_for_durable(Path binary) {
      Commit commit = commit(newStream(), 0, 1);
      try (RedisServer server = start(binary, Fsync.NO)) {
        RedisStoreOptions options = RedisStoreOptions.at(server.uri()).withDurability(LOCAL, SHORT);
        try (EventStore first = RedisEventStore.connect(options)) {
          notDurable(first.appendAndWait(commit));
        }
        try (EventStore second = RedisEventStore.connect(options)) {
          assertThat(notDurable(second.appendAndWait(commit)).receipt().duplicate()).isTrue();
          assertThat(versions(second, commit.stream())).containsExactly(1L);
        }
      }
    }

    @ParameterizedTest
    @MethodSource("dev.headwater.redis.TestServers#binaries")
    void a_replica_that_stands_still_confirms_nothing_and_loses_nothing(Path binary) {
      try (RedisServer primary = start(binary, Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, binary);
          EventStore store = open(primary.uri())) {
        Durability one = Durability.replicated(1);
        Commit commit = commit(newStream(), 0, 1);
        assertThat(append(store, commit(newStream(), 0, 1), one).durability()).isEqualTo(one);

        signal(replica, "STOP");
        NotDurable stopped = notDurable(store.appendAndWait(commit, one));
        signal(replica, "CONT");

        assertThat(stopped.reason()).contains("0 of 1 replicas", "200 ms");
        assertThat(stopped.receipt().durability()).isEqualTo(LOCAL);
        assertThat(versions(store, commit.stream())).containsExactly(1L);
        tell(primary, redis -> redis.waitForReplication(1, 10_000));
        Receipt again = append(store, commit, one);
        assertThat(again.duplicate()).isTrue();
        assertThat(again.durability()).isEqualTo(one);
      }
    }
  }

  @Nested
  class A_user_without_the_permission {
    @Test
    void to_see_the_settings_learns_what_to_grant() {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS)) {
        tell(
            server,
            redis ->
                redis.dispatch(
                    CommandType.ACL,
                    new StatusOutput<>(StringCodec.UTF8),
                    new CommandArgs<>(StringCodec.UTF8)
                        .add("SETUSER")
                        .add("app")
                        .add("on")
                        .add(">secret")
                        .add("~*")
                        .add("+@all")
                        .add("-config")));
        try (EventStore store = open("redis://app:secret@127.0.0.1:" + server.port())) {
          AppendResult result = store.appendAndWait(commit(newStream(), 0, 1), LOCAL);

          if (hasWaitAof(server)) {
            assertThat(result).isInstanceOf(Appended.class);
          } else {
            assertThat(notDurable(result).reason())
                .contains("NOPERM", "has no WAITAOF")
                .doesNotContain("secret");
          }
        }
      }
    }
  }
}
