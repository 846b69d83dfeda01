package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Ledger;
import dev.headwater.readmodel.ReadModelDatabase;
import java.nio.file.Path;
import java.util.Set;

/** A process of its own that replays the same events into an H2 file again and again. */
public final class RunUntilKilled {
  static final int COMMITS = 10_000;

  private RunUntilKilled() {}

  /** Argument: the file. */
  public static void main(String[] args) {
    Fixture fixture = new Fixture();
    fixture.deposit(COMMITS);
    try (HikariDataSource database = ReadModelDatabase.h2File(Path.of(args[0]))) {
      Fixture.migrate(database);
      RunnerSettings settings = Fixture.QUICK.withBatchEvents(500);
      try (ProjectionRunner runner =
          fixture.runner(database, settings, new Balances(), new Ledger())) {
        runner.start();
        System.out.println("running");
        while (true) {
          runner.replay(Set.of("balances", "ledger"), ProgressListener.NONE);
        }
      }
    }
  }
}
