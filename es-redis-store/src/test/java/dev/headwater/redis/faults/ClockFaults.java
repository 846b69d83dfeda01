package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Redis's clock, which gives the log its ids, jumps ahead and back, also across a kill. Where the
 * clock can't be had the logs' last ids are set into the future instead, which for the ids is the
 * same as a clock that went back.
 */
final class ClockFaults {
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofDays(30),
          Duration.ofSeconds(-5),
          Duration.ofDays(-365),
          Duration.ZERO);

  private final Random random;

  ClockFaults(Random random) {
    this.random = random;
  }

  int jumps() {
    return JUMPS.size();
  }

  Tally run(PretendedSystem system) throws Exception {
    RedisServerOptions options =
        RedisServerOptions.in(TestRedis.newFolder()).withBinary(system.server());
    try (Victim redis = new Victim(options, Fsync.ALWAYS);
        Round round = new Round(redis.store(), random)) {
      for (Duration jump : JUMPS) {
        round.awaitAcknowledged(200);
        system.set(jump, Duration.ZERO);
        assertThat(system.isAheadAt(redis, jump)).isTrue();
        round.awaitAcknowledged(200);
        redis.killAndRestart();
      }
      round.awaitAcknowledged(200);
      return round.finish(redis.store());
    }
  }

  Tally runWithoutClock() throws Exception {
    try (Victim redis = new Victim(Fsync.ALWAYS);
        Round round = new Round(redis.store(), random)) {
      long now = System.currentTimeMillis();
      for (int i = 1; i <= JUMPS.size(); i++) {
        round.awaitAcknowledged(200);
        long ahead = now + Duration.ofDays(30L * i).toMillis();
        for (int p = 0; p < redis.store().partitions(); p++) {
          String log = redis.store().namespace() + ":{" + p + "}:log";
          assertThat(redis.say("XSETID " + log + " " + ahead + "-0")).startsWith("+OK");
        }
        round.awaitAcknowledged(200);
        redis.killAndRestart();
      }
      round.awaitAcknowledged(200);
      return round.finish(redis.store());
    }
  }

  /** With the clock where it can be had. */
  static String describe(Optional<PretendedSystem> system) {
    return system.isPresent()
        ? "of the server's clock"
        : "of the log's ids (XSETID: the clock can't be had)";
  }
}
