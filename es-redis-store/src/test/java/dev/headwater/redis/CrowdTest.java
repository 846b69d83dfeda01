package dev.headwater.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.redis.testing.FlakyProxy;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.OverloadedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Many callers, through deciders into Redis. */
class CrowdTest {
  private static final int CALLERS = 256;
  private static final Metadata METADATA = Metadata.atMicros(1);
  private static final EventCodec CODEC =
      EventCodec.builder().event("Changed", 1, Changed.class).build();

  record Changed(int amount) {}

  /** A stock that can't be negative; commands are changes of it. */
  private static final class Stocks implements Decider<Integer, Integer, Changed> {
    @Override
    public Integer initial() {
      return 0;
    }

    @Override
    public List<Changed> decide(Integer change, Integer stock) {
      if (stock + change < 0) {
        throw new Rejection("TOO_FEW", "there are " + stock);
      }
      return List.of(new Changed(change));
    }

    @Override
    public Integer evolve(Integer stock, Changed event) {
      return stock + event.amount();
    }
  }

  private final OwnRedis redis = new OwnRedis();

  @AfterEach
  void end() {
    redis.close();
  }

  private static AggregateRuntime<Integer, Integer, Changed> stocks(
      RedisEventStore store, RuntimeOptions options) {
    return AggregateRuntime.create("Stock", new Stocks(), Changed.class, CODEC, store, options);
  }

  private static void together(Thread.Builder kind, IntConsumerThatThrows caller)
      throws InterruptedException {
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      threads.add(
          kind.start(
              () -> {
                try {
                  caller.accept(number);
                } catch (Throwable e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  interface IntConsumerThatThrows {
    void accept(int number) throws Exception;
  }

  @Nested
  class On_a_store_that_does_not_answer {
    @Test
    void is_refused_beyond_the_bounds_and_goes_on_afterwards() throws Exception {
      try (FlakyProxy proxy = new FlakyProxy(redis.server().port());
          RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(proxy.uri()))) {
        var stocks = stocks(store, RuntimeOptions.DEFAULT.withMaxUnanswered(1_000, 100));
        Queue<CompletableFuture<CommandOutcome<Changed>>> waiting = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();
        proxy.mute(true);

        together(
            Thread.ofPlatform(), // on virtual ones they would load aggregates themselves, and wait
            caller -> {
              for (int i = 0; i < 200; i++) {
                String stock = i % 2 == 0 ? "hot" : "s" + caller + "-" + i;
                var answer = stocks.handle(stock, caller + "-" + i, METADATA, 1);
                if (answer.isCompletedExceptionally()) {
                  assertThat(answer.exceptionNow()).isInstanceOf(OverloadedException.class);
                  refused.incrementAndGet();
                } else {
                  waiting.add(answer);
                }
              }
            });

        assertThat(waiting).hasSize(1_000);
        assertThat(refused).hasValue(CALLERS * 200 - 1_000);
        proxy.mute(false);
        proxy.disconnectAll();
        for (var answer : waiting) {
          assertThat(answer.get(30, SECONDS)).isInstanceOf(Accepted.class);
        }
        assertThat(stocks.history().latest("hot")).extracting("version").isEqualTo(100L);
        assertThat(stocks.handle("hot", "later", METADATA, 1).get(30, SECONDS))
            .isInstanceOf(Accepted.class);
      }
    }
  }

  @Nested
  class On_one_aggregate_that_another_process_writes_to {
    @Test
    void gets_for_each_command_the_answer_that_the_stored_order_gives() throws Exception {
      try (RedisEventStore one = RedisEventStore.connect(redis.store());
          RedisEventStore other = RedisEventStore.connect(redis.store())) {
        RuntimeOptions patient = RuntimeOptions.DEFAULT.withMaxAttempts(1_000);
        var runtimes = List.of(stocks(one, patient), stocks(other, patient));
        Map<String, Integer> changes = new ConcurrentHashMap<>();
        Map<String, CommandOutcome<Changed>> answers = new ConcurrentHashMap<>();

        together(
            Thread.ofVirtual(),
            caller -> {
              for (int i = 0; i < 20; i++) {
                String id = caller + "-" + i;
                int change = (caller + i) % 3 == 0 ? 2 : -1 - (caller + i) % 2;
                changes.put(id, change);
                answers.put(
                    id, runtimes.get(caller % 2).handleAndWait("hot", id, METADATA, change));
              }
            });

        check(
            one.readAll(runtimes.getFirst().history().stream("hot"), 1).toList(), changes, answers);
      }
    }

    private void check(
        List<RecordedEvent> stored,
        Map<String, Integer> changes,
        Map<String, CommandOutcome<Changed>> answers) {
      int stock = 0;
      Map<String, Long> versions = new HashMap<>();
      Map<Integer, Integer> last = new HashMap<>();
      for (RecordedEvent event : stored) {
        String id = event.commitId();
        assertThat(versions.put(id, event.version())).as("%s is stored once", id).isNull();
        assertThat(CODEC.decode(event)).isEqualTo(new Changed(changes.get(id)));
        stock += changes.get(id);
        assertThat(stock).as("after %s", id).isNotNegative();
        int caller = Integer.parseInt(id.substring(0, id.indexOf('-')));
        int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
        Integer before = last.put(caller, number);
        assertThat(before == null || before < number)
            .as("%s is in its caller's order", id)
            .isTrue();
      }
      int rejected = 0;
      for (var answer : answers.entrySet()) {
        Long version = versions.get(answer.getKey());
        switch (answer.getValue()) {
          case Accepted<Changed> accepted -> {
            assertThat(accepted.receipt().firstVersion()).isEqualTo(version);
            assertThat(accepted.receipt().lastVersion()).isEqualTo(version);
          }
          case Rejected<Changed> rejection -> {
            assertThat(version).as("%s is rejected", answer.getKey()).isNull();
            assertThat(changes.get(answer.getKey())).isNegative();
            rejected++;
          }
          default -> throw new AssertionError(answer.toString());
        }
      }
      assertThat(answers).hasSize(CALLERS * 20);
      assertThat(versions).hasSize(answers.size() - rejected);
      assertThat(rejected).isPositive();
      assertThat(versions).isNotEmpty();
    }
  }
}
