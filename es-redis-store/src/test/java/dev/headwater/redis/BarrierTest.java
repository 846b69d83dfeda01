package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.notDurable;
import static dev.headwater.redis.Commits.versions;
import static dev.headwater.redis.TestServers.open;
import static dev.headwater.redis.TestServers.replicaOf;
import static dev.headwater.redis.TestServers.signal;
import static dev.headwater.redis.TestServers.start;
import static dev.headwater.redis.TestServers.tell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.FlakyProxy;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.Receipt;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Proofs of durability when they take long, and when the connection goes before they come. */
class BarrierTest {
  private static final Durability MEMORY = Durability.memory();
  private static final Durability LOCAL = Durability.local();

  @Nested
  class A_connection_that_is_lost {
    @Test
    void is_another_one_when_it_is_made_again() throws IOException {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS);
          FlakyProxy proxy = new FlakyProxy(server.port());
          RedisClient client = RedisClient.create(proxy.uri());
          var connection = client.connect(ByteArrayCodec.INSTANCE)) {
        DurabilityCheck check = new DurabilityCheck(connection, RedisStoreOptions.at(proxy.uri()));
        int before = check.incarnation();
        connection.sync().ping();
        assertThat(check.incarnation()).isEqualTo(before);

        proxy.disconnectAll();
        connection.sync().ping(); // waits until it is made again

        assertThat(check.incarnation()).isNotEqualTo(before);
      }
    }

    @Test
    void before_the_proof_came_is_no_success_until_it_is_proven_anew() throws IOException {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS);
          FlakyProxy proxy = new FlakyProxy(server.port());
          EventStore store = open(proxy.uri())) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1), LOCAL);

        proxy.loseReplies(3);
        Receipt receipt = append(store, commit(stream, 1, 1), LOCAL);

        assertThat(proxy.repliesLost()).isPositive();
        assertThat(receipt.duplicate()).isTrue();
        assertThat(receipt.durability()).isEqualTo(LOCAL);
        assertThat(versions(store, stream)).containsExactly(1L, 2L);
      }
    }

    /** The replica stands still, so the barrier waits; then the connection goes. */
    @Test
    void while_a_barrier_waits_is_no_success() throws IOException, InterruptedException {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary());
          FlakyProxy proxy = new FlakyProxy(primary.port());
          EventStore store = open(proxy.uri())) {
        Commit commit = commit(newStream(), 0, 1);
        signal(replica, "STOP");
        CompletableFuture<AppendResult> result = store.append(commit, Durability.replicated(1));
        while (versions(store, commit.stream()).isEmpty()) {
          Thread.sleep(1);
        }
        proxy.disconnectAll();
        AppendResult told = result.join();
        signal(replica, "CONT");

        assertThat(notDurable(told).receipt().duplicate()).isTrue();
        assertThat(versions(store, commit.stream())).containsExactly(1L);
      }
    }
  }

  @Nested
  class A_barrier_that_waits {
    @Test
    void is_shared_by_what_has_gathered_meanwhile() {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary());
          EventStore store = open(primary.uri())) {
        signal(replica, "STOP");
        long before = waits(primary);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          results.add(store.append(commit(newStream(), 0, 1), Durability.replicated(1)));
        }
        results.forEach(result -> notDurable(result.join()));
        signal(replica, "CONT");

        assertThat(waits(primary) - before).isBetween(1L, 3L);
      }
    }

    private static long waits(RedisServer server) {
      return tell(server, redis -> redis.info("commandstats"))
          .lines()
          .filter(line -> line.startsWith("cmdstat_wait:calls="))
          .mapToLong(line -> Long.parseLong(line.replaceAll("^.*?calls=(\\d+).*$", "$1")))
          .sum();
    }

    @Test
    void outlasts_a_reply_timeout_without_losing_the_connection() {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS);
          EventStore store =
              RedisEventStore.connect(
                  RedisStoreOptions.at(server.uri())
                      .withTimeouts(
                          Duration.ofSeconds(5),
                          Duration.ofSeconds(5),
                          Duration.ofMillis(100),
                          Duration.ofSeconds(10))
                      .withDurability(MEMORY, Duration.ofMillis(400)))) {
        AppendResult result =
            store.appendAndWait(commit(newStream(), 0, 1), Durability.replicated(1));

        assertThat(notDurable(result).receipt().duplicate()).isFalse();
      }
    }
  }
}
