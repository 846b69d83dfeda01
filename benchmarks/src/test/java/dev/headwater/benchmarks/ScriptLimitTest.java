package dev.headwater.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScriptLimitTest {
  @Test
  void each_call_stores_one_event_of_a_commit_and_a_stream_of_its_own() throws Exception {
    assumeTrue(RedisBenchmark.isInstalled(), "redis-benchmark makes the calls");
    try (Bench bench = Bench.start(Fsync.NO);
        RedisClient client = RedisClient.create(bench.server.uri());
        var connection = client.connect()) {
      Round round = AppendBenchmark.script(bench, 4, Duration.ofMillis(50));
      long stored =
          IntStream.range(0, bench.store.partitionCount())
              .mapToLong(p -> bench.store.head(p).sequence())
              .sum();
      List<String> streams = connection.sync().keys("*:s:Order:*");
      assertThat(streams).hasSize((int) stored);
      assertThat(stored).isGreaterThan(round.count()); // and those to learn the rate
      List<String> some = streams.subList(0, Math.min(500, streams.size()));
      assertThat(
              some.stream()
                  .map(
                      stream ->
                          connection
                              .sync()
                              .xrange(stream, Range.unbounded(), Limit.unlimited())
                              .getFirst()
                              .getBody()
                              .get("c")))
          .doesNotHaveDuplicates()
          .allMatch(id -> id.matches("00000000-0000-4000-8000-[0-9]{12}"));
    }
  }
}
