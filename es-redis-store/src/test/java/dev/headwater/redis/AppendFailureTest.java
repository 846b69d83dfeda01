package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.receipt;
import static dev.headwater.redis.Commits.versions;
import static dev.headwater.redis.Commits.within;
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
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Appends while answers, connections, servers or what they know are lost. */
class AppendFailureTest {
  private final OwnRedis redis = new OwnRedis();

  @AfterEach
  void end() {
    redis.close();
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
        assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
        redis.crashAndRestart();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();

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
}
