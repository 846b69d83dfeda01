package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/**
 * The fault suite, run by {@code mvn verify -Pfaults}. Each test ends with the verdict of a fresh
 * process; {@code StoreCheckTest} and {@code LedgerCheckTest} show that it can be a bad one.
 *
 * <p>{@code -Dfaults.kills=n} changes how often Redis is killed at each level, {@code
 * -Dfaults.seed=n} draws the random moments of an earlier run.
 */
@Tag("faults")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FaultsTest {
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime() & 0xffffff);
  private static final int REDIS_KILLS = Integer.getInteger("faults.kills", 100);
  private static final int WRITER_KILLS = 20;
  private static final int CUTS = 32;
  private static final int SQUEEZES = 10;
  private static final int FILLS = 5;
  private static final int DISK_MEGABYTES = 64;

  private static final FaultSummary SUMMARY = new FaultSummary(SEED);

  private final Random random = new Random(SEED);

  @AfterAll
  static void summarise() throws IOException {
    SUMMARY.end();
  }

  @Test
  void kills_of_redis_that_syncs_always_lose_and_double_nothing() throws Exception {
    SUMMARY.report(
        "kill -9 of Redis, AOF always, " + REDIS_KILLS + " kills",
        () -> new RedisKills(Fsync.ALWAYS, random).run(REDIS_KILLS));
  }

  @Test
  void kills_of_redis_that_syncs_every_second_lose_and_double_nothing() throws Exception {
    SUMMARY.report(
        "kill -9 of Redis, AOF everysec, " + REDIS_KILLS + " kills",
        () -> new RedisKills(Fsync.EVERYSEC, random).run(REDIS_KILLS));
  }

  @Test
  void kills_of_writers_lose_and_double_nothing() throws Exception {
    SUMMARY.report(
        "kill -9 of the writing process, " + WRITER_KILLS + " kills",
        () -> {
          Tally tally = new WriterKills(random).run(WRITER_KILLS);
          SUMMARY.writersKilled(WRITER_KILLS);
          return tally;
        });
  }

  @Test
  void cuts_of_the_network_lose_and_double_nothing() throws Exception {
    SUMMARY.report(
        "network cut, silent or losing replies, " + CUTS + " times",
        () -> {
          Tally tally = new NetworkFaults(random).cuts(CUTS);
          assertThat(tally.resolved()).isPositive();
          return tally;
        });
  }

  @Test
  void a_slow_link_loses_and_doubles_nothing() throws Exception {
    SUMMARY.report(
        "slow link, up to 600 ms and down to 20 kB/s",
        () -> new NetworkFaults(random).slowLink(Duration.ofSeconds(20)));
  }

  @Test
  void a_server_out_of_memory_refuses_whole_commits() throws Exception {
    SUMMARY.report(
        "out of memory, " + SQUEEZES + " times", () -> new MemoryFaults(random).run(SQUEEZES));
  }

  @Test
  void a_full_disk_under_a_server_that_syncs_always_loses_and_doubles_nothing() throws Exception {
    fullDisk(Fsync.ALWAYS);
  }

  @Test
  void a_full_disk_under_a_server_that_syncs_every_second_loses_and_doubles_nothing()
      throws Exception {
    fullDisk(Fsync.EVERYSEC);
  }

  private void fullDisk(Fsync fsync) throws Exception {
    SUMMARY.report(
        "full disk, AOF "
            + fsync.name().toLowerCase(java.util.Locale.ROOT)
            + ", "
            + FILLS
            + " times, each with a kill",
        () -> {
          Optional<SmallDisk> mounted = SmallDisk.mount(DISK_MEGABYTES);
          if (mounted.isEmpty()) {
            throw new TestAbortedException(
                "mounting a tmpfs is not permitted here; run it as root");
          }
          try (SmallDisk disk = mounted.get()) {
            return new DiskFaults(random).run(disk, fsync, FILLS);
          }
        });
  }

  @Test
  void jumps_of_the_server_s_clock_lose_and_double_nothing() throws Exception {
    Optional<ServerClock> clock = ServerClock.make();
    ClockFaults faults = new ClockFaults(random);
    SUMMARY.report(
        faults.jumps() + " jumps " + ClockFaults.describe(clock) + ", each with a kill",
        () -> clock.isPresent() ? faults.run(clock.get()) : faults.runWithoutClock());
  }
}
