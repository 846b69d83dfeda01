package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.receipt;
import static dev.headwater.redis.Commits.versions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.FlakyProxy;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.OverloadedException;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AppendFailureTest {
  private final OwnRedis redis = new OwnRedis();

  @AfterEach
  void end() {
    redis.close();
  }

  private static RedisStoreOptions within(RedisStoreOptions options, long reply, long deadline) {
    return options.withTimeouts(
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofMillis(reply),
        Duration.ofMillis(deadline));
  }

  @Nested
  class Lost_replies {
    @Test
    void a_commit_whose_reply_was_lost_is_stored_once_and_its_receipt_comes() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          RedisEventStore store = RedisEventStore.connect(through(proxy))) {
        makeScriptKnown(store);
        for (ExpectedVersion expected :
            List.of(
                ExpectedVersion.noStream(), ExpectedVersion.exactly(2), ExpectedVersion.any())) {
          StreamId stream = newStream();
          if (expected.equals(ExpectedVersion.exactly(2))) {
            append(store, commit(stream, 0, 2));
          }
          long before = versions(store, stream).size();
          proxy.loseReplies(1);

          Receipt receipt = append(store, commit(stream, expected, 3));

          assertThat(receipt.firstVersion()).isEqualTo(before + 1);
          assertThat(receipt.lastVersion()).isEqualTo(before + 3);
          assertThat(receipt.duplicate()).isTrue();
          assertThat(receipt.position()).isEqualTo(store.head(store.partitionOf(stream)));
          assertThat(versions(store, stream)).hasSize((int) before + 3);
        }
        assertThat(proxy.repliesLost()).isEqualTo(3);
      }
    }

    @Test
    void commits_that_were_on_their_way_keep_their_order() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          RedisEventStore store = RedisEventStore.connect(through(proxy))) {
        StreamId stream = newStream();
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
          if (i % 500 == 100) {
            proxy.loseReplies(1);
          }
          results.add(store.append(commit(stream, i, 1)));
        }

        List<Receipt> receipts = results.stream().map(result -> receipt(result.join())).toList();

        List<Long> expected = LongStream.rangeClosed(1, 2_000).boxed().toList();
        assertThat(receipts.stream().map(Receipt::lastVersion).toList()).isEqualTo(expected);
        assertThat(receipts.stream().map(receipt -> receipt.position().sequence()).toList())
            .isEqualTo(expected);
        assertThat(versions(store, stream)).isEqualTo(expected);
        assertThat(proxy.repliesLost()).isPositive();
      }
    }

    @Test
    void a_connection_that_falls_silent_is_replaced() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          RedisEventStore store = RedisEventStore.connect(within(through(proxy), 200, 30_000))) {
        StreamId stream = newStream();
        proxy.mute(true);
        CompletableFuture<AppendResult> result = store.append(commit(stream, 0, 1));
        Thread.sleep(300);
        proxy.mute(false);

        assertThat(receipt(result.join()).lastVersion()).isEqualTo(1);
        assertThat(versions(store, stream)).containsExactly(1L);
      }
    }

    @Test
    void a_commit_that_may_be_stored_is_unknown_when_the_time_is_over() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          RedisEventStore store = RedisEventStore.connect(within(through(proxy), 100, 400))) {
        makeScriptKnown(store);
        Commit commit = commit(newStream(), 0, 1);
        proxy.mute(true);

        assertThatThrownBy(() -> store.appendAndWait(commit))
            .isInstanceOf(AppendOutcomeUnknownException.class)
            .hasMessageContaining(commit.id())
            .hasMessageContaining(commit.stream().toString());

        proxy.mute(false);
        proxy.disconnectAll();
        assertThat(append(store, commit).duplicate()).isTrue();
        assertThat(versions(store, commit.stream())).containsExactly(1L);
      }
    }

    /** Else the answer that is lost is that the server doesn't know it, and nothing is stored. */
    private void makeScriptKnown(RedisEventStore store) {
      append(store, commit(newStream(), 0, 1));
    }

    private RedisStoreOptions through(FlakyProxy proxy) {
      return RedisStoreOptions.at(proxy.uri()).withPartitions(2);
    }
  }

  @Nested
  class A_server_that_dies {
    @Test
    void loses_nothing_that_was_acknowledged_and_doubles_nothing() throws Exception {
      try (RedisEventStore store = RedisEventStore.connect(redis.store())) {
        Map<StreamId, Long> acknowledged = new ConcurrentHashMap<>();
        CountDownLatch ended = new CountDownLatch(8);
        CountDownLatch underWay = new CountDownLatch(400);
        for (int w = 0; w < 8; w++) {
          StreamId stream = newStream();
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 300; i++) {
                      Receipt receipt = append(store, commit(stream, i, 1));
                      acknowledged.put(stream, receipt.lastVersion());
                      underWay.countDown();
                    }
                    ended.countDown();
                  });
        }
        assertThat(underWay.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        redis.crashAndRestart();
        assertThat(ended.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();

        assertThat(acknowledged).hasSize(8);
        acknowledged.forEach(
            (stream, last) ->
                assertThat(versions(store, stream))
                    .isEqualTo(LongStream.rangeClosed(1, last).boxed().toList())
                    .hasSize(300));
        assertThat(store.head(0).sequence() + store.head(1).sequence()).isEqualTo(2_400);
      }
    }

    @Test
    void leaves_commits_that_were_never_sent_certainly_not_stored() {
      try (RedisEventStore store = RedisEventStore.connect(within(redis.store(), 200, 300))) {
        append(store, commit(newStream(), 0, 1));
        redis.crash();
        StreamId stream = newStream();
        assertThatThrownBy(() -> store.appendAndWait(commit(stream, 0, 1)))
            .isInstanceOf(EventStoreException.class); // may have met the dying connection

        assertThatThrownBy(() -> store.appendAndWait(commit(stream, 0, 1)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("was not stored")
            .hasMessageContaining("127.0.0.1:" + redis.server().port());

        redis.restart();
        assertThat(versions(store, stream)).isEmpty();
        append(store, commit(stream, 0, 1));
      }
    }
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
              java.nio.file.Path dump = java.nio.file.Path.of(folder, "dump.rdb");
              java.nio.file.Files.createDirectory(dump);
              java.nio.file.Files.createFile(dump.resolve("in-the-way"));
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
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

  @Nested
  class A_server_that_forgets {
    @Test
    void its_scripts_is_told_them_again() {
      try (RedisEventStore store = RedisEventStore.connect(redis.store())) {
        StreamId stream = newStream();
        for (int i = 0; i < 5; i++) {
          redis.tell(commands -> commands.scriptFlush());
          append(store, commit(stream, i, 1));
        }
        assertThat(versions(store, stream)).hasSize(5);
      }
    }

    @Test
    void everything_is_noticed() {
      try (RedisEventStore store = RedisEventStore.connect(redis.store())) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1));
        redis.tell(commands -> commands.flushall());

        assertThatThrownBy(() -> store.appendAndWait(commit(stream, 1, 1)))
            .isInstanceOf(StoreWentBackException.class)
            .hasMessageContaining("was not stored");
        assertThatThrownBy(() -> store.head(0)).isInstanceOf(StoreWentBackException.class);
      }
    }
  }

  @Nested
  class Limits {
    @Test
    void more_than_may_wait_is_refused() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          RedisEventStore store =
              RedisEventStore.connect(
                  RedisStoreOptions.at(proxy.uri()).withMaxQueuedBytes(10_000))) {
        proxy.mute(true);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          results.add(store.append(commit(newStream(), 0, 1)));
        }

        long refused = results.stream().filter(CompletableFuture::isCompletedExceptionally).count();
        assertThat(refused).isBetween(50L, 99L);
        assertThatThrownBy(() -> results.getLast().join())
            .hasCauseInstanceOf(OverloadedException.class)
            .hasMessageContaining("bytes already wait to be appended")
            .hasMessageContaining("and 10000 may");
        proxy.mute(false);
        proxy.disconnectAll();
        assertThat(results.stream().filter(result -> stored(result)))
            .hasSize((int) (100 - refused));
        append(store, commit(newStream(), 0, 1));
      }
    }

    private boolean stored(CompletableFuture<AppendResult> result) {
      try {
        return receipt(result.join()).lastVersion() == 1;
      } catch (CompletionException e) {
        return false;
      }
    }

    @Test
    void a_closed_store_refuses_and_leaves_nothing_undecided() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port())) {
        RedisEventStore store =
            RedisEventStore.connect(within(RedisStoreOptions.at(proxy.uri()), 200, 30_000));
        append(store, commit(newStream(), 0, 1));
        proxy.mute(true);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        StreamId stream = newStream();
        for (int i = 0; i < 50; i++) {
          results.add(store.append(commit(stream, i, 1)));
        }

        store.close();

        assertThat(results).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThatThrownBy(() -> results.getFirst().join())
            .hasCauseInstanceOf(AppendOutcomeUnknownException.class);
        assertThatThrownBy(() -> store.appendAndWait(commit(stream, 0, 1)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("closed");
      }
    }

    @Test
    void commits_that_race_with_closing_are_all_decided() throws Exception {
      for (int round = 0; round < 20; round++) {
        RedisEventStore store = RedisEventStore.connect(redis.store());
        Queue<CompletableFuture<AppendResult>> results = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(4);
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
          writers.add(
              Thread.startVirtualThread(
                  () -> {
                    CompletableFuture<AppendResult> last;
                    do {
                      last = store.append(commit(newStream(), 0, 1));
                      results.add(last);
                      begun.countDown();
                    } while (!last.isCompletedExceptionally());
                  }));
        }
        begun.await();

        store.close();

        for (Thread writer : writers) {
          assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(results).allMatch(CompletableFuture::isDone);
      }
    }

    @Test
    void what_is_under_way_when_a_store_is_closed_is_stored() {
      StreamId stream = newStream();
      List<CompletableFuture<AppendResult>> results = new ArrayList<>();
      try (RedisEventStore store = RedisEventStore.connect(redis.store())) {
        for (int i = 0; i < 1_000; i++) {
          results.add(store.append(commit(stream, i, 1)));
        }
      }
      assertThat(results).allSatisfy(result -> receipt(result.join()));
    }
  }
}
