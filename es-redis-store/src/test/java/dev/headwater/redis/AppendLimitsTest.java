package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.receipt;
import static dev.headwater.redis.Commits.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.FlakyProxy;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.OverloadedException;
import dev.headwater.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a store takes while its server does not answer, and what becomes of it when it closes. */
class AppendLimitsTest {
  private final OwnRedis redis = new OwnRedis();

  @AfterEach
  void end() {
    redis.close();
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
