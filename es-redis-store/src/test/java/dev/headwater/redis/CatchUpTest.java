package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.starts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private static final int COMMITS = 1_500;

  private final OwnRedis redis = new OwnRedis();

  @AfterEach
  void end() {
    redis.close();
  }

  private long calls(String command) {
    List<Long> calls = new ArrayList<>();
    redis.tell(
        commands -> {
          Matcher found =
              Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
                  .matcher(commands.info("commandstats"));
          calls.add(found.find() ? Long.parseLong(found.group(1)) : 0);
        });
    return calls.getFirst();
  }

  private static List<Long> versions(Subscription subscription, int count) {
    List<Long> versions = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (versions.size() < count && System.nanoTime() < deadline) {
      for (PartitionBatch batch : subscription.poll(Duration.ofMillis(100))) {
        batch.events().forEach(event -> versions.add(event.event().version()));
      }
    }
    return versions;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Nested
  class A_subscriber_that_falls_behind {
    @Test
    void reads_by_range_again_and_then_waits_in_the_group_without_a_gap() {
      try (var store = RedisEventStore.connect(redis.store().withPartitions(1));
          var subscription =
              store.subscribe(
                  new SubscriptionSpec("group", "one", starts(store), type -> true, 10_000))) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1));
        assertThat(versions(subscription, 1)).isEqualTo(range(1, 1));
        assertThat(subscription.poll(Duration.ofMillis(50))).as("it waits now").isEmpty();

        IntStream.range(0, COMMITS)
            .mapToObj(i -> store.append(commit(stream, ExpectedVersion.any(), 1)))
            .toList()
            .forEach(CompletableFuture::join);
        redis.tell(commands -> commands.configResetstat());
        assertThat(versions(subscription, COMMITS)).isEqualTo(range(2, COMMITS + 1));
        assertThat(calls("xreadgroup")).as("one found that there is too much").isLessThan(3);

        assertThat(subscription.poll(Duration.ofMillis(50))).isEmpty();
        append(store, commit(stream, ExpectedVersion.any(), 1));
        assertThat(versions(subscription, 1)).isEqualTo(range(COMMITS + 2, COMMITS + 2));
      }
    }
  }
}
