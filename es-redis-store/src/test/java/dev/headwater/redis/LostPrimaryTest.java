package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.versions;
import static dev.headwater.redis.TestServers.options;
import static dev.headwater.redis.TestServers.replicaOf;
import static dev.headwater.redis.TestServers.start;
import static dev.headwater.redis.TestServers.tell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is there after a server was lost for good, and what is not. */
class LostPrimaryTest {
  private static final Durability MEMORY = Durability.memory();
  private static final Durability LOCAL = Durability.local();

  @Nested
  class When_the_primary_is_lost {
    private final Commit commit = commit(newStream(), 0, 2);

    private static RedisStoreOptions at(RedisServer server) {
      return RedisStoreOptions.at(server.uri()).withPartitions(2);
    }

    @Test
    void a_killed_server_has_what_it_acknowledged() {
      RedisServerOptions always = options(TestRedis.binary(), Fsync.ALWAYS);
      RedisServer server = RedisServer.start(always);
      try (EventStore store = RedisEventStore.connect(at(server))) {
        append(store, commit, MEMORY);
      }
      server.kill();

      try (RedisServer again = RedisServer.start(always);
          EventStore store = RedisEventStore.connect(at(again))) {
        assertThat(versions(store, commit.stream())).containsExactly(1L, 2L);
      }
    }

    @Test
    void a_promoted_replica_has_what_it_confirmed() {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary())) {
        try (EventStore store = RedisEventStore.connect(at(primary))) {
          append(store, commit, Durability.replicated(1));
        }
        primary.kill();
        tell(replica, redis -> redis.replicaofNoOne());

        try (EventStore store = RedisEventStore.connect(at(replica))) {
          assertThat(versions(store, commit.stream())).containsExactly(1L, 2L);
          assertThat(append(store, commit, MEMORY).duplicate()).isTrue();
        }
      }
    }

    @Test
    void a_promoted_replica_lacks_what_it_did_not_confirm() {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary())) {
        try (EventStore store = RedisEventStore.connect(at(primary))) {
          append(store, commit(newStream(), 0, 1), Durability.replicated(1));
          tell(replica, redis -> redis.replicaof("127.0.0.1", 1)); // cut off
          assertThat(append(store, commit, LOCAL).durability()).isEqualTo(LOCAL);
        }
        primary.kill();
        tell(replica, redis -> redis.replicaofNoOne());

        try (EventStore store = RedisEventStore.connect(at(replica))) {
          assertThat(versions(store, commit.stream())).isEmpty();
          assertThat(store.appendAndWait(commit(commit.stream(), 2, 1)))
              .isEqualTo(new AppendResult.StoreBehind(commit.stream(), 2, 0));
        }
      }
    }
  }
}
