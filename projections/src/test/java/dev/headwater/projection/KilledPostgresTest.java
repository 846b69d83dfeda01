package dev.headwater.projection;

import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.balances;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Ledger;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dfaults.kills=n} changes how often the server is killed. */
@Tag("faults")
class KilledPostgresTest {
  private static final int KILLS = Math.min(30, Integer.getInteger("faults.kills", 30));
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime() & 0xffffff);

  private final Fixture fixture = new Fixture();

  @Nested
  class Every_event_counts_exactly_once {
    @Test
    void although_the_server_is_killed_again_and_again(@TempDir Path folder) throws Exception {
      Random random = new Random(SEED);
      RunnerSettings small = Fixture.QUICK.withBatchEvents(50);
      try (PostgresServer server = PostgresServer.in(folder)) {
        String url = server.newDatabase();
        try (HikariDataSource database =
            ReadModelDatabase.postgresql(url, PostgresServer.USER, "")) {
          Fixture.migrate(database);
          AtomicBoolean killing = new AtomicBoolean(true);
          Thread writer = Thread.ofPlatform().start(() -> depositWhile(killing));
          try (ProjectionRunner runner =
              fixture.runner(database, small, new Balances(), new Ledger())) {
            runner.start();
            for (int i = 0; i < KILLS; i++) {
              long applied = runner.status("ledger").applied();
              Fixture.await(() -> runner.status("ledger").applied() > applied);
              Thread.sleep(random.nextInt(200)); // a random moment of the running load
              server.kill();
              server.restart();
            }
            killing.set(false);
            writer.join();
            assertCaughtUp(runner);
            assertThat(runner.status("ledger").lastError()).isNotNull();
          }
          assertThat(balances(database)).isEqualTo(fixture.expected());
          assertThat(Fixture.ledger(database)).isEqualTo(fixture.expected());
        }
      }
      System.out.printf(
          "kill -9 of PostgreSQL under a running projection, %d kills (-Dfaults.seed=%d): sums and"
              + " rows are those of the events%n",
          KILLS, SEED);
    }
  }

  private void depositWhile(AtomicBoolean running) {
    while (running.get()) {
      fixture.deposit(20);
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }
}
