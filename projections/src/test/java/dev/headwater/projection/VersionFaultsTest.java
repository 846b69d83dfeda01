package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.faults.FaultSummary;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.testing.TestRedis;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL to a process that rebuilds, at random moments, and to one that switches or drops, before
 * each statement that it sends; run by {@code mvn verify -Pfaults}. What the next one finds must be
 * whole, and what was begun must be finished by the same call.
 */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class VersionFaultsTest {
  private static final ProjectionId FIRST = new ProjectionId("totals", 1);
  private static final ProjectionId SECOND = new ProjectionId("totals", 2);
  private static final int KILLS = Integer.getInteger("faults.rebuild.kills", 8);
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime() & 0xffffff);
  private static final int EVENTS = 60_000;

  @TempDir private Path folder;
  private RedisServer redis;
  private RedisEventStore store;
  private String url;
  private HikariDataSource database;
  private ProjectionVersions versions;

  @BeforeEach
  void open() {
    redis =
        RedisServer.start(
            RedisServerOptions.in(folder.resolve("redis")).withBinary(TestRedis.binary()));
    store = RedisEventStore.connect(RedisStoreOptions.at(redis.uri()).withPartitions(4));
    url = PostgresServer.shared().newDatabase();
    database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
    Migrations.framework(database);
    versions = VersionsProcess.versions(store, database);
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
    redis.close();
  }

  private Process process(String... what) throws Exception {
    return VersionsProcess.start(redis.uri(), url, what);
  }

  private void deposit(int events) {
    Fixture.deposit(store, events);
  }

  /** Runs only versions that are there, until all have caught up. */
  private void catchUp() {
    try (ProjectionRunner runner =
        versions.runner(VersionsProcess.SETTINGS.withBatchEvents(5_000))) {
      runner.start();
      Fixture.assertCaughtUp(runner);
    }
  }

  private long applied() {
    return Fixture.number(
        database,
        "SELECT COALESCE(SUM(sequence), 0) FROM headwater.projection_checkpoint"
            + " WHERE projection = 'totals' AND version = 2");
  }

  @Test
  void a_rebuild_goes_on_where_it_was_killed() throws Exception {
    FaultSummary.report(
        "kill -9 of a process that rebuilds, " + KILLS + " kills, seed " + SEED,
        () -> {
          deposit(EVENTS);
          Random random = new Random(SEED);
          long before = 0;
          int between = 0;
          for (int i = 1; i <= KILLS; i++) {
            Process process = process("run");
            BufferedReader output = process.inputReader();
            long first = Long.parseLong(output.readLine());
            assertThat(first).as("it goes on where it was").isGreaterThanOrEqualTo(before);
            long until = (long) EVENTS * i / (KILLS + 1);
            Fixture.await(() -> applied() >= until);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
            process.destroyForcibly().waitFor();
            between += applied() < EVENTS ? 1 : 0;
            before = applied();
            assertThat(Fixture.number(database, "SELECT COUNT(*) FROM totals_v2.movement"))
                .as("rows up to the checkpoints")
                .isEqualTo(before);
          }
          ProjectionVersions same = VersionsProcess.rebuilds(store, database);
          try (ProjectionRunner runner = same.runner(VersionsProcess.SETTINGS)) {
            runner.start();
            Fixture.assertCaughtUp(runner);
          }
          Comparison comparison = same.compare(SECOND, Fixture.LONG, 5);
          assertThat(comparison.positionsApart()).isZero();
          assertThat(comparison.isSame()).as(comparison.toString()).isTrue();
          assertThat(comparison.tables().getLast().other().rows()).isEqualTo(EVENTS);
          return String.format(
              Locale.ROOT,
              "%,d events, %d times in the middle; it went on where it was, rows equal to"
                  + " checkpoints after each, and the comparison found no difference",
              EVENTS,
              between);
        });
  }

  @Test
  void a_switch_is_done_or_not_wherever_it_is_killed() throws Exception {
    FaultSummary.report(
        "kill -9 of a process that switches, before each statement",
        () -> {
          deposit(300);
          catchUp();
          int step = 0;
          int done = 0;
          while (killedBefore(++step, "switch", SECOND)) {
            done += assertOneServes();
          }
          assertOneServes();
          return step
              - 1
              + " kills, "
              + done
              + " of them after it was done; the views showed one"
              + " version, and the next call went through";
        });
  }

  /** Kills a process before a step; false if it ended before, having done what it should. */
  private boolean killedBefore(int step, String what, ProjectionId version) throws Exception {
    Process process = process(what, String.valueOf(version.version()), String.valueOf(step));
    String line = process.inputReader().readLine();
    process.destroyForcibly().waitFor();
    assertThat(line).isIn(VersionsProcess.HOLDING, VersionsProcess.DONE);
    return line.equals(VersionsProcess.HOLDING);
  }

  /** The views show what the rows say; back to the first one. 1 if it was the second. */
  private int assertOneServes() throws Exception {
    List<ProjectionId> serving =
        versions.list().stream()
            .filter(version -> version.state() == VersionState.SERVING)
            .map(VersionStatus::id)
            .toList();
    assertThat(serving).hasSize(1);
    String by = serving.getFirst().equals(FIRST) ? "first" : "second";
    String other = " WHERE made_by <> '" + by + "'";
    assertThat(Fixture.number(database, "SELECT COUNT(*) FROM movement")).isEqualTo(300);
    assertThat(Fixture.number(database, "SELECT COUNT(*) FROM movement" + other)).isZero();
    assertThat(Fixture.number(database, "SELECT COUNT(*) FROM total" + other)).isZero();
    if (by.equals("first")) {
      return 0;
    }
    assertThat(versions.rollBack("totals", Fixture.LONG))
        .isEqualTo(new SwitchResult.Switched(SECOND, FIRST));
    return 1;
  }

  @Test
  void a_drop_is_finished_by_the_next_call_wherever_it_is_killed() throws Exception {
    FaultSummary.report(
        "kill -9 of a process that drops, before each statement",
        () -> {
          deposit(300);
          catchUp();
          int step = 0;
          while (killedBefore(++step, "drop", SECOND)) {
            if (versions.list().stream().anyMatch(version -> version.id().equals(SECOND))) {
              versions.drop(SECOND);
            }
            assertGone();
            catchUp();
          }
          assertGone();
          return step - 1 + " kills; the next call left nothing behind";
        });
  }

  private void assertGone() throws Exception {
    assertThat(VersionRows.of(database, SECOND)).isEmpty();
    assertThat(
            Fixture.number(
                database,
                "SELECT COUNT(*) FROM information_schema.schemata"
                    + " WHERE schema_name = 'totals_v2'"))
        .isZero();
    assertThat(Fixture.number(database, "SELECT COUNT(*) FROM movement")).isEqualTo(300);
  }
}
