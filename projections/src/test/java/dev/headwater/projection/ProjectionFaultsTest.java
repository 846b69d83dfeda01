package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.faults.FaultSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL to a projection's process, to Redis and to PostgreSQL at random moments under a load that
 * goes on; run by {@code mvn verify -Pfaults}. After each kill the work must go on, and all along
 * the read model must be the fold of the events up to its checkpoints.
 *
 * <p>{@code -Dfaults.projection.kills=n} changes how often each is killed, {@code -Dfaults.seed=n}
 * draws the pauses of an earlier run.
 */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ProjectionFaultsTest {
  private static final int KILLS = Integer.getInteger("faults.projection.kills", 12);
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime() & 0xffffff);
  private static final int MAX_PAUSE_MILLIS = 500;
  private static final int CHECK_EVERY = 4;

  /** Applied between two kills, at least. */
  private static final int PROGRESS = 50;

  private static int killed;

  @TempDir private Path folder;
  private final Random random = new Random(SEED);

  @AfterAll
  static void summarise() throws IOException {
    FaultSummary.add(
        "projections in all: "
            + killed
            + " kills; seed "
            + SEED
            + " (-Dfaults.seed="
            + SEED
            + " draws the same pauses again)");
  }

  /** Something that is killed, and comes back by itself or is started again. */
  @FunctionalInterface
  private interface Kill {
    void at(Site site) throws Exception;
  }

  @Test
  void kills_of_a_projection_s_process_neither_lose_nor_double_an_event() throws Exception {
    run("of one of two processes of a projection", Site::killFollower);
  }

  @Test
  void kills_of_redis_neither_lose_nor_double_an_event() throws Exception {
    run("of Redis, AOF always", Site::killRedis);
  }

  @Test
  void kills_of_postgresql_neither_lose_nor_double_an_event() throws Exception {
    run("of PostgreSQL", Site::killPostgres);
  }

  private void run(String what, Kill kill) throws Exception {
    FaultSummary.report(
        "kill -9 " + what + ", " + KILLS + " kills",
        () ->
            String.format(
                Locale.ROOT,
                "%,d events, each in the read model once and in order; read model equal to the"
                    + " fold of the events at each of %d looks",
                round(kill),
                KILLS / CHECK_EVERY + 1));
  }

  private long round(Kill kill) throws Exception {
    try (Site site = new Site(folder)) {
      try (Deposits.Load load = site.deposits().load()) {
        for (int i = 1; i <= KILLS; i++) {
          site.awaitApplied(PROGRESS);
          TimeUnit.MILLISECONDS.sleep(random.nextInt(MAX_PAUSE_MILLIS));
          kill.at(site);
          killed++;
          if (i % CHECK_EVERY == 0) {
            site.awaitApplied(PROGRESS);
            site.deposits().assertExact(site.database());
          }
          assertThat(load.isAlive()).as("the load goes on").isTrue();
        }
      }
      site.deposits().awaitShown(site.database());
      return site.deposits().assertExact(site.database());
    }
  }
}
