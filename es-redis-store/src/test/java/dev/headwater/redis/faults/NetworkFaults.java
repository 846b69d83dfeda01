package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.FlakyProxy;
import java.time.Duration;
import java.util.Random;

/** A network between writers and Redis that is cut or slow; a reply is waited for 400 ms. */
final class NetworkFaults {
  private static final Duration REPLY = Duration.ofMillis(400);

  private final Random random;

  NetworkFaults(Random random) {
    this.random = random;
  }

  /** Connections end, can't be opened, fall silent and come back, or lose replies. */
  Tally cuts(int cuts) throws Exception {
    try (Victim redis = new Victim(Fsync.EVERYSEC);
        FlakyProxy proxy = new FlakyProxy(redis.port());
        Round round = new Round(through(proxy), random)) {
      for (int i = 0; i < cuts; i++) {
        round.awaitAcknowledged(50);
        Workload.pause(random.nextInt(100));
        switch (i % 4) {
          case 0 -> proxy.disconnectAll();
          case 1 -> proxy.loseReplies(1 + random.nextInt(3));
          case 2 -> {
            proxy.refuse(true);
            proxy.disconnectAll();
            Workload.pause(100 + random.nextInt(700));
            proxy.refuse(false);
          }
          default -> {
            proxy.hold(true);
            Workload.pause(
                100 + random.nextInt(1_500)); // longer than a reply is waited for, or not
            proxy.hold(false);
          }
        }
      }
      round.awaitAcknowledged(50);
      assertThat(proxy.repliesLost()).isPositive();
      return round.finish(redis.store());
    }
  }

  /** Delays below and above the time that a reply is waited for, and little bandwidth. */
  Tally slowLink(Duration time) throws Exception {
    try (Victim redis = new Victim(Fsync.EVERYSEC);
        FlakyProxy proxy = new FlakyProxy(redis.port());
        Round round = new Round(through(proxy), random)) {
      long end = System.nanoTime() + time.toNanos();
      while (System.nanoTime() < end) {
        round.awaitAcknowledged(20);
        int delay = random.nextInt(600);
        proxy.slow(Duration.ofMillis(delay), 20_000 + random.nextInt(1_000_000));
        Workload.pause(1_500);
        proxy.slow(Duration.ofMillis(5), 10_000_000);
      }
      proxy.slow(Duration.ZERO, Long.MAX_VALUE);
      round.awaitAcknowledged(50);
      return round.finish(redis.store());
    }
  }

  private static RedisStoreOptions through(FlakyProxy proxy) {
    return RedisStoreOptions.at(proxy.uri())
        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(10), REPLY, Duration.ofSeconds(30));
  }
}
