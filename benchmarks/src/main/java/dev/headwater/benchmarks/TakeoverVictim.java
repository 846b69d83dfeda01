package dev.headwater.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that runs the projection of {@link TakeoverBenchmark} until it is killed. */
public final class TakeoverVictim {
  private TakeoverVictim() {}

  /** Starts one; its first line of output is the instance. */
  static Process start(String redis, String url, String user, Duration lease) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", // it lives for seconds
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            TakeoverVictim.class.getName(),
            redis,
            url,
            user,
            String.valueOf(lease.toMillis()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Arguments: URI of Redis, URL and user of the database, lease in milliseconds. */
  public static void main(String[] args) throws Exception {
    try (RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(args[0]));
        HikariDataSource database = ReadModelDatabase.postgresql(args[1], args[2], "");
        ProjectionRunner runner =
            new ProjectionRunner(
                store,
                TakeoverBenchmark.CODEC,
                database,
                List.of(new TakeoverBenchmark.Counts()),
                TakeoverBenchmark.settings(Duration.ofMillis(Long.parseLong(args[3]))))) {
      runner.start();
      System.out.println(runner.instance());
      while (System.in.read() >= 0) {}
    }
  }
}
