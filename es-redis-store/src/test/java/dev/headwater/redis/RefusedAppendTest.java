package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.receipt;
import static dev.headwater.redis.Commits.versions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Appends that a server does not take, for each reason that it may have. */
class RefusedAppendTest {
  private final OwnRedis redis = new OwnRedis();

  @AfterEach
  void end() {
    redis.close();
  }

  @Nested
  class A_server_that_refuses {
    @Test
    void for_want_of_memory_stores_nothing_and_says_what_to_do() {
      try (RedisEventStore store = RedisEventStore.connect(redis.store())) {
        Commit commit = commit(newStream(), 0, 3);
        redis.tell(commands -> commands.configSet("maxmemory", "1"));

        assertThatThrownBy(() -> store.appendAndWait(commit))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("OOM")
            .hasMessageContaining("maxmemory")
            .hasMessageContaining("was not stored");

        redis.tell(commands -> commands.configSet("maxmemory", "0"));
        assertThat(versions(store, commit.stream())).isEmpty();
        assertThat(store.head(store.partitionOf(commit.stream())).sequence()).isZero();
        assertThat(append(store, commit).duplicate()).isFalse();
      }
    }

    @Test
    void for_want_of_disk_stores_nothing_and_says_what_to_do() {
      try (RedisEventStore store = RedisEventStore.connect(redis.store())) {
        Commit commit = commit(newStream(), 0, 3);
        redis.tell(
            commands -> {
              commands.configSet("save", "1000000 1000000");
              commands.configSet("stop-writes-on-bgsave-error", "yes");
            });
        makeSavingFail();

        assertThatThrownBy(() -> store.appendAndWait(commit))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("MISCONF")
            .hasMessageContaining("disk")
            .hasMessageContaining("was not stored");

        redis.tell(
            commands -> {
              commands.configSet("stop-writes-on-bgsave-error", "no");
              commands.configSet("save", ""); // else it doesn't end when it is told to
            });
        assertThat(versions(store, commit.stream())).isEmpty();
        append(store, commit);
      }
    }

    /** A folder where the dump would be: fails for root too, who may write anywhere. */
    private void makeSavingFail() {
      redis.tell(
          commands -> {
            String folder = commands.configGet("dir").get("dir");
            try {
              Path dump = Path.of(folder, "dump.rdb");
              Files.createDirectory(dump);
              Files.createFile(dump.resolve("in-the-way"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            commands.bgsave();
            while (!commands.info("persistence").contains("rdb_last_bgsave_status:err")) {
              Thread.onSpinWait();
            }
          });
    }

    @Test
    void because_a_stream_s_key_holds_something_else_refuses_that_commit_alone() {
      try (RedisEventStore store = RedisEventStore.connect(redis.store().withPartitions(1))) {
        StreamId broken = newStream();
        redis.tell(commands -> commands.set(key(store, broken), "text"));
        List<CompletableFuture<AppendResult>> good = new ArrayList<>();
        StreamId stream = newStream();
        good.add(store.append(commit(stream, 0, 1)));
        CompletableFuture<AppendResult> bad = store.append(commit(broken, 0, 2));
        CompletableFuture<AppendResult> badToo =
            store.append(commit(broken, ExpectedVersion.any(), 2));
        good.add(store.append(commit(stream, 1, 1)));

        assertThat(good).allSatisfy(result -> receipt(result.join()));
        for (var result : List.of(bad, badToo)) {
          assertThatThrownBy(result::join)
              .isInstanceOf(CompletionException.class)
              .cause()
              .isExactlyInstanceOf(EventStoreException.class)
              .hasMessageContaining("WRONGTYPE")
              .hasMessageContaining(broken.toString())
              .hasMessageContaining("not stored");
        }
        assertThat(store.head(store.partitionOf(stream)).sequence()).isEqualTo(2);
        assertThatThrownBy(() -> store.readAll(broken, 1))
            .isExactlyInstanceOf(EventStoreException.class)
            .hasMessageContaining("WRONGTYPE");
      }
    }

    @Test
    void in_the_middle_of_the_script_leaves_what_became_of_the_commit_unknown() {
      RedisStoreOptions options = redis.store();
      try (RedisEventStore store = RedisEventStore.connect(options)) {
        Commit commit = commit(newStream(), 0, 1);
        String head = options.namespace() + ":{" + store.partitionOf(commit.stream()) + "}:head";
        redis.tell(commands -> commands.hset(head, "sequence", "none"));

        assertThatThrownBy(() -> store.appendAndWait(commit))
            .isInstanceOf(AppendOutcomeUnknownException.class)
            .hasMessageContaining(commit.id());

        // It broke off behind its first write, so nothing else could be told.
        assertThat(versions(store, commit.stream())).containsExactly(1L);
      }
    }

    @Test
    void because_the_log_or_the_head_holds_something_else_stores_nothing() {
      for (String broken : List.of("log", "head")) {
        RedisStoreOptions options = redis.store().withNamespace("with-broken-" + broken);
        try (RedisEventStore store = RedisEventStore.connect(options)) {
          Commit commit = commit(newStream(), 0, 2);
          String key =
              options.namespace() + ":{" + store.partitionOf(commit.stream()) + "}:" + broken;
          redis.tell(
              commands -> {
                commands.del(key);
                commands.set(key, "text");
              });

          assertThatThrownBy(() -> store.appendAndWait(commit))
              .isExactlyInstanceOf(EventStoreException.class)
              .hasMessageContaining("WRONGTYPE")
              .hasMessageContaining("log or head of partition");
          assertThat(versions(store, commit.stream())).isEmpty();
        }
      }
    }

    private String key(RedisEventStore store, StreamId stream) {
      return "headwater:{" + store.partitionOf(stream) + "}:s:" + stream;
    }
  }
}
