package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The fault suite, run by {@code mvn verify -Pfaults}. Each test ends with the verdict of a fresh
 * process; {@code StoreCheckTest} and {@code LedgerCheckTest} show that it can be a bad one.
 *
 * <p>{@code -Dfaults.kills=n} changes how often Redis is killed at each level, {@code
 * -Dfaults.seed=n} draws the random pauses of an earlier run.
 */
@Tag("faults")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FaultsTest {
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime() & 0xffffff);
  private static final int REDIS_KILLS = Integer.getInteger("faults.kills", 100);
  private static final int SLOW_DISK_KILLS = 10;
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
  @Order(1)
  void kills_of_redis_that_syncs_always_lose_and_double_nothing() throws Exception {
    SUMMARY.report(
        "kill -9 of Redis, AOF always, " + REDIS_KILLS + " kills",
        () -> new RedisKills(Fsync.ALWAYS, random).run(REDIS_KILLS));
  }

  @Test
  @Order(2)
  void kills_of_redis_that_syncs_every_second_lose_at_most_the_last_moment() throws Exception {
    SUMMARY.report(
        "kill -9 of Redis, AOF everysec, " + REDIS_KILLS + " kills",
        () -> new RedisKills(Fsync.EVERYSEC, random).run(REDIS_KILLS));
  }

  @Test
  @Order(3)
  void a_slow_disk_under_a_server_that_syncs_always_loses_nothing() throws Exception {
    Tally tally = slowDisk(Fsync.ALWAYS, 50);
    assertThat(tally.lost()).isZero();
  }

  /** What the checker finds in order here is what it must find out of order elsewhere. */
  @Test
  @Order(4)
  void a_slow_disk_under_a_server_that_syncs_every_second_shows_what_that_does_not_promise()
      throws Exception {
    Tally tally = slowDisk(Fsync.EVERYSEC, 600);
    assertThat(tally.lost()).isPositive();
  }

  private Tally slowDisk(Fsync fsync, int millis) throws Exception {
    return SUMMARY.report(
        "kill -9 of Redis, AOF "
            + name(fsync)
            + ", on a disk that takes "
            + millis
            + " ms longer to sync, "
            + SLOW_DISK_KILLS
            + " kills",
        () -> {
          PretendedSystem system =
              PretendedSystem.make()
                  .orElseThrow(() -> new FaultSummary.NotPossible("there is no C compiler here"));
          system.set(Duration.ZERO, Duration.ofMillis(millis));
          return new RedisKills(system.server(), fsync, 1_500, random).run(SLOW_DISK_KILLS);
        });
  }

  @Test
  @Order(5)
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
  @Order(6)
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
  @Order(7)
  void a_slow_link_loses_and_doubles_nothing() throws Exception {
    SUMMARY.report(
        "slow link, up to 600 ms and down to 20 kB/s",
        () -> new NetworkFaults(random).slowLink(Duration.ofSeconds(20)));
  }

  @Test
  @Order(8)
  void a_server_out_of_memory_refuses_whole_commits() throws Exception {
    SUMMARY.report(
        "out of memory, " + SQUEEZES + " times", () -> new MemoryFaults(random).run(SQUEEZES));
  }

  @Test
  @Order(9)
  void a_full_disk_under_a_server_that_syncs_always_loses_and_doubles_nothing() throws Exception {
    fullDisk(Fsync.ALWAYS);
  }

  @Test
  @Order(10)
  void a_full_disk_under_a_server_that_syncs_every_second_loses_and_doubles_nothing()
      throws Exception {
    fullDisk(Fsync.EVERYSEC);
  }

  private static String name(Fsync fsync) {
    return fsync.name().toLowerCase(Locale.ROOT);
  }

  private void fullDisk(Fsync fsync) throws Exception {
    SUMMARY.report(
        "full disk, AOF " + name(fsync) + ", " + FILLS + " times",
        () -> {
          Optional<SmallDisk> mounted = SmallDisk.mount(DISK_MEGABYTES);
          if (mounted.isEmpty()) {
            throw new FaultSummary.NotPossible(
                "mounting a tmpfs is not permitted here; run it as root");
          }
          try (SmallDisk disk = mounted.get()) {
            return new DiskFaults(random).run(disk, fsync, FILLS);
          }
        });
  }

  @Test
  @Order(11)
  void jumps_of_the_server_s_clock_lose_and_double_nothing() throws Exception {
    Optional<PretendedSystem> system = PretendedSystem.make();
    ClockFaults faults = new ClockFaults(random);
    SUMMARY.report(
        faults.jumps() + " jumps " + ClockFaults.describe(system) + ", each with a kill",
        () -> system.isPresent() ? faults.run(system.get()) : faults.runWithoutClock());
  }
}
