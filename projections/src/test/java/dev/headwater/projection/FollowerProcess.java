package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that runs {@link Movements} until its standard input ends. */
public final class FollowerProcess {
  private FollowerProcess() {}

  /** Arguments: URI of Redis, URL of the database, lease in milliseconds, the file to hold at. */
  public static void main(String[] args) throws Exception {
    Duration lease = Duration.ofMillis(Long.parseLong(args[2]));
    RunnerSettings settings =
        RunnerSettings.DEFAULT
            .withRetries(Duration.ofMillis(20), Duration.ofMillis(200))
            .withLease(lease, Duration.ofMillis(200));
    try (RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(args[0]));
        HikariDataSource database = ReadModelDatabase.postgresql(args[1], PostgresServer.USER, "");
        ProjectionRunner runner =
            new ProjectionRunner(
                store,
                Accounts.CODEC,
                database,
                List.of(new Movements(Path.of(args[3]))),
                settings)) {
      runner.start();
      System.out.println(runner.instance());
      while (System.in.read() >= 0) {}
    }
    System.out.println("closed");
  }
}
