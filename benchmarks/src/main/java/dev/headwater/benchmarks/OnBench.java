package dev.headwater.benchmarks;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.time.Duration;

/** Rounds that each get a new server. */
@FunctionalInterface
interface OnBench {
  Round round(Bench bench, Duration length) throws Exception;

  static Contestant contestant(String name, int concurrency, Fsync fsync, OnBench rounds) {
    return Contestant.of(
        name,
        concurrency,
        length -> {
          try (Bench bench = Bench.start(fsync)) {
            return rounds.round(bench, length);
          }
        });
  }
}
