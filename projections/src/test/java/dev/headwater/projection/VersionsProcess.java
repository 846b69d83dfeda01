package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** An operator's process, to be killed while it works on versions of {@link Totals}. */
public final class VersionsProcess {
  static final String HOLDING = "holding";
  static final String DONE = "done";
  static final RunnerSettings SETTINGS =
      Fixture.QUICK.withBatchEvents(100).withLease(Duration.ofSeconds(1), Duration.ofMillis(20));

  private VersionsProcess() {}

  /** Starts one. */
  static Process start(String redis, String database, String... what) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // it lives for seconds
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                VersionsProcess.class.getName(),
                redis,
                database));
    command.addAll(List.of(what));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Those of one code, which is rebuilt. */
  static ProjectionVersions rebuilds(RedisEventStore store, DataSource database) {
    return new ProjectionVersions(store, Accounts.CODEC, database, List.of(Totals.first()));
  }

  /** Those of two codes. */
  static ProjectionVersions versions(RedisEventStore store, DataSource database) {
    return new ProjectionVersions(
        store, Accounts.CODEC, database, List.of(Totals.first(), new Totals(2, "second", 1)));
  }

  /**
   * Arguments: URI of Redis, URL of the database; then {@code run}, or {@code switch} or {@code
   * drop} with the version and the step before which to stop for ever.
   */
  public static void main(String[] args) throws Exception {
    RedisStoreOptions options = RedisStoreOptions.at(args[0]).withPartitions(4);
    try (RedisEventStore store = RedisEventStore.connect(options);
        HikariDataSource database =
            ReadModelDatabase.postgresql(args[1], PostgresServer.USER, "")) {
      if (args[2].equals("run")) {
        run(rebuilds(store, database));
      } else {
        ProjectionId version = new ProjectionId("totals", Integer.parseInt(args[3]));
        StepByStep steps =
            new StepByStep(
                Integer.parseInt(args[4]),
                () -> {
                  System.out.println(HOLDING);
                  while (true) {
                    LockSupport.park();
                  }
                });
        ProjectionVersions versions = versions(store, steps.over(database));
        switch (args[2]) {
          case "switch" -> versions.switchTo(version, Fixture.LONG);
          case "drop" -> versions.drop(version);
          default -> throw new IllegalArgumentException(args[2]);
        }
        System.out.println(DONE);
      }
    }
  }

  private static void run(ProjectionVersions versions) throws Exception {
    versions.prepare();
    versions.rebuild("totals");
    try (ProjectionRunner runner = versions.runner(SETTINGS)) {
      runner.start();
      runner.catchUp(Set.of("totals@2"), progress -> System.out.println(progress.applied()));
      System.out.println(DONE);
      while (System.in.read() >= 0) {}
    }
  }
}
