package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.events;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.versions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CommandWindowTest {
  private final RedisStoreOptions options = TestRedis.shared().newStore().withPartitions(1);
  private final RedisClient client = RedisClient.create(TestRedis.shared().uri());
  private final RedisCommands<String, String> redis = client.connect().sync();
  private final String prefix = options.namespace() + ":{0}:";

  @AfterEach
  void end() {
    client.close();
  }

  private RedisEventStore open(int window) {
    return RedisEventStore.connect(options.withCommandWindow(window));
  }

  private static Commit again(Commit commit, ExpectedVersion expected) {
    return new Commit(commit.id(), commit.stream(), expected, commit.metadata(), events(1));
  }

  private static void appendOthers(RedisEventStore store, int count) {
    List<CompletableFuture<?>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(store.append(commit(newStream(), 0, 1)));
    }
    results.forEach(CompletableFuture::join);
  }

  private long kept() {
    return redis.hlen(prefix + "ids") + redis.hlen(prefix + "ids-before");
  }

  @Nested
  class The_window {
    @Test
    void keeps_as_many_ids_as_were_asked_for_and_little_more_than_twice_as_many() {
      try (RedisEventStore store = open(200)) {
        for (int round = 0; round < 20; round++) {
          Commit commit = commit(newStream(), 0, 2);
          Receipt first = append(store, commit);
          appendOthers(store, 199);

          Receipt repeated = append(store, again(commit, ExpectedVersion.exactly(2)));
          assertThat(repeated.duplicate()).isTrue();
          assertThat(repeated.lastVersion()).isEqualTo(2);
          assertThat(repeated.position()).isEqualTo(first.position());
          // 64 between two counts, a batch of 500 that is counted at its end, two markers
          assertThat(kept()).isLessThan(2 * (200 + 64 + 500) + 2);
        }
      }
    }

    @Test
    void forgets_what_is_older_than_twice_its_size() {
      try (RedisEventStore store = open(10)) {
        Commit commit = commit(newStream(), 0, 1);
        append(store, commit);
        for (int i = 0; i < 60; i++) {
          append(store, commit(newStream(), 0, 1));
        }

        assertThat(store.find(commit.stream(), commit.id())).isEmpty();
        assertThat(append(store, again(commit, ExpectedVersion.exactly(1))).duplicate()).isFalse();
        assertThat(append(store, commit).duplicate()).as("at its own version for ever").isTrue();
      }
    }

    @Test
    void is_the_same_for_every_process_and_outlives_them() {
      Commit commit = commit(newStream(), 0, 3);
      Receipt first;
      try (RedisEventStore store = open(500)) {
        first = append(store, commit);
      }
      try (RedisEventStore store = open(500)) {
        Receipt repeated = append(store, again(commit, ExpectedVersion.any()));
        assertThat(repeated.position()).isEqualTo(first.position());
        assertThat(repeated.lastVersion()).isEqualTo(3);
        assertThat(store.find(commit.stream(), commit.id())).contains(repeated);
      }
    }

    @Test
    void is_the_largest_that_any_process_asked_for() {
      open(300).close();
      open(100).close();
      assertThat(redis.hget(prefix + "head", "window")).isEqualTo("300");
      open(0).close();
      assertThat(redis.hget(prefix + "head", "window")).isEqualTo("300");
      open(400).close();
      assertThat(redis.hget(prefix + "head", "window")).isEqualTo("400");
    }

    @Test
    void of_size_0_keeps_nothing() {
      try (RedisEventStore store = open(0)) {
        Commit commit = commit(newStream(), 0, 1);
        append(store, commit);

        assertThat(kept()).isZero();
        assertThat(store.find(commit.stream(), commit.id())).isEmpty();
        assertThat(append(store, commit).duplicate()).isTrue();
        assertThat(append(store, again(commit, ExpectedVersion.exactly(1))).duplicate()).isFalse();
      }
    }

    @Test
    void can_be_neither_negative_nor_beyond_what_a_server_holds() {
      for (int bad : List.of(-1, 10_000_001)) {
        assertThatThrownBy(() -> options.withCommandWindow(bad))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(String.valueOf(bad));
      }
    }
  }

  @Nested
  class A_commit_that_expects_any_version {
    private final byte[] script = Script.load("append.lua").body();

    /** The very call that the store makes, as it arrives when the network has held it up. */
    private List<Object> late(RedisEventStore store, Commit commit, long known) {
      String epoch = redis.hget(prefix + "head", "epoch");
      return redis.eval(
          new String(script, StandardCharsets.UTF_8),
          ScriptOutputType.MULTI,
          new String[] {
            prefix + "log",
            prefix + "head",
            prefix + "ids",
            prefix + "ids-before",
            prefix + "s:" + commit.stream()
          },
          epoch,
          "1",
          commit.id(),
          "*" + known,
          "1",
          "{}",
          "Placed#1",
          "{}");
    }

    @Test
    void is_recognised_when_its_first_attempt_arrives_after_the_second_and_others() {
      try (RedisEventStore store = open(500)) {
        Commit commit = commit(newStream(), ExpectedVersion.any(), 1);
        long known = store.head(0).sequence();
        append(store, commit);
        append(store, commit(commit.stream(), 1, 3));
        appendOthers(store, 400);

        assertThat(late(store, commit, known).getFirst()).isEqualTo(2L);
        assertThat(versions(store, commit.stream())).hasSize(4);
      }
    }

    @Test
    void is_refused_when_its_first_attempt_arrives_after_more_than_the_window() {
      try (RedisEventStore store = open(10)) {
        Commit commit = commit(newStream(), ExpectedVersion.any(), 1);
        long known = store.head(0).sequence();
        append(store, commit);
        for (int i = 0; i < 60; i++) {
          append(store, commit(commit.stream(), ExpectedVersion.any(), 1));
        }

        assertThat(late(store, commit, known).getFirst()).isEqualTo(4L);
        assertThat(versions(store, commit.stream())).hasSize(61);
      }
    }

    @Test
    void is_stored_however_much_others_have_written_since_this_process_wrote() {
      try (RedisEventStore idle = open(10);
          RedisEventStore busy = open(10)) {
        for (int i = 0; i < 60; i++) {
          append(busy, commit(newStream(), 0, 1));
        }

        assertThat(append(idle, commit(newStream(), ExpectedVersion.any(), 1)).duplicate())
            .isFalse();
      }
    }
  }

  @Nested
  class A_batch {
    @Test
    void may_hold_a_repeated_id_that_is_answered_with_the_first_one_s_receipt() {
      try (RedisEventStore store = open(500)) {
        StreamId stream = newStream();
        Commit commit = commit(stream, 0, 1);
        List<CompletableFuture<Receipt>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          results.add(store.append(commit).thenApply(Commits::receipt));
          results.add(
              store.append(again(commit, ExpectedVersion.exactly(1))).thenApply(Commits::receipt));
        }

        assertThat(results.stream().map(r -> r.join().position()).distinct()).hasSize(1);
        assertThat(versions(store, stream)).containsExactly(1L);
      }
    }

    @Test
    void with_a_refused_commit_keeps_the_ids_of_the_stored_ones_only() {
      try (RedisEventStore store = open(500)) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1));
        Commit stale =
            new Commit(
                "stale", stream, ExpectedVersion.exactly(0), Metadata.atMicros(1), events(1));
        Commit good = commit(stream, 1, 1);
        var refused = store.append(stale);
        var stored = store.append(good);

        assertThat(refused.join()).isInstanceOf(Conflict.class);
        Commits.receipt(stored.join());
        assertThat(redis.hget(prefix + "ids", "stale")).isNull();
        assertThat(redis.hgetall(prefix + "ids"))
            .containsEntry(good.id(), store.head(0).logId())
            .hasSize(3);
        assertThat(Map.copyOf(redis.hgetall(prefix + "ids")).get("")).startsWith("0: ");
      }
    }
  }
}
