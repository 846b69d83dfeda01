package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.event.Metadata;
import dev.headwater.redis.Counters.Added;
import dev.headwater.redis.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands through deciders into Redis. */
class CommandPathTest {
  private static final Metadata METADATA = Metadata.atMicros(1);

  private final RedisEventStore store = RedisEventStore.connect(TestRedis.shared().newStore());
  private final AggregateRuntime<Integer, Integer, Added> counters = Counters.on(store);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void a_command_may_be_sent_from_where_the_outcome_of_another_arrives() throws Exception {
    CompletableFuture<CommandOutcome<Added>> last = counters.handle("c0", "first", METADATA, 1);
    for (int i = 1; i <= 50; i++) {
      String counter =
          "c" + i; // each is loaded from the store, by the thread that brings its answers
      last = last.thenCompose(outcome -> counters.handle(counter, "then-" + counter, METADATA, 1));
    }

    assertThat(last.get(30, TimeUnit.SECONDS)).isInstanceOf(Accepted.class);
  }

  @Test
  void commands_to_one_aggregate_take_effect_in_their_order_without_waiting_for_each_other() {
    List<CompletableFuture<CommandOutcome<Added>>> answers = new ArrayList<>();
    for (int i = 1; i <= 5_000; i++) {
      answers.add(counters.handle("hot", "cmd-" + i, METADATA, i));
    }
    answers.forEach(CompletableFuture::join);

    assertThat(counters.history().latest("hot").version()).isEqualTo(5_000);
    assertThat(store.readAll(counters.history().stream("hot"), 1).map(event -> event.commitId()))
        .hasSize(5_000)
        .startsWith("cmd-1", "cmd-2", "cmd-3")
        .endsWith("cmd-4999", "cmd-5000");
  }
}
