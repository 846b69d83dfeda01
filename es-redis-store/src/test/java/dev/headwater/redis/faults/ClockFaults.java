package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern TIME = Pattern.compile("\\$\\d+\r\n(\\d+)\r\n");

  private final Random random;

  ClockFaults(Random random) {
    this.random = random;
  }

  int jumps() {
    return JUMPS.size();
  }

  Tally run(ServerClock clock) throws Exception {
    RedisServerOptions options =
        RedisServerOptions.in(TestRedis.newFolder()).withBinary(clock.server());
    try (Victim redis = new Victim(options, Fsync.EVERYSEC);
        Round round = new Round(redis.store(), random)) {
      for (Duration jump : JUMPS) {
        round.awaitAcknowledged(200);
        clock.set(jump);
        assertThat(distance(redis, jump)).isLessThan(Duration.ofMinutes(1));
        round.awaitAcknowledged(200);
        redis.killAndRestart();
      }
      round.awaitAcknowledged(200);
      return round.finish(redis.store());
    }
  }

  /** How far the server's clock is from where it was set. */
  private static Duration distance(Victim redis, Duration jump) throws IOException {
    Matcher time = TIME.matcher(redis.say("TIME"));
    assertThat(time.find()).isTrue();
    Duration fromNow =
        Duration.ofSeconds(Long.parseLong(time.group(1)) - System.currentTimeMillis() / 1_000);
    return fromNow.minus(jump).abs();
  }

  Tally runWithoutClock() throws Exception {
    try (Victim redis = new Victim(Fsync.EVERYSEC);
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
  static String describe(Optional<ServerClock> clock) {
    return clock.isPresent() ? "of the server's clock" : "of the log's ids (no C compiler)";
  }
}
