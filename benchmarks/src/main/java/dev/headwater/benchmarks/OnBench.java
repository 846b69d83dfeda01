package dev.headwater.benchmarks;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.time.Duration;

/** A contestant that gets a new server for each round. */
abstract class OnBench implements Contestant {
  private final String name;
  private final int concurrency;
  private final Fsync fsync;

  OnBench(String name, int concurrency, Fsync fsync) {
    this.name = name;
    this.concurrency = concurrency;
    this.fsync = fsync;
  }

  abstract Round round(Bench bench, Duration length) throws Exception;

  @Override
  public Round round(Duration length) throws Exception {
    try (Bench bench = Bench.start(fsync)) {
      return round(bench, length);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int concurrency() {
    return concurrency;
  }
}
