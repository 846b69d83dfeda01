package dev.headwater.projection;

import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.balances;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.readmodel.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReplayDeadlockTest {
  private static final String TOUCH =
      "UPDATE headwater.projection_lease SET taken_at = taken_at WHERE partition_no = ";

  private final Fixture fixture = new Fixture();

  @Nested
  class A_replay {
    @Test
    void begins_again_when_the_database_ends_it_for_another_one() throws Exception {
      fixture.deposit(100);
      try (HikariDataSource database = PostgresServer.shared().openNewDatabase()) {
        Fixture.migrate(database);
        try (ProjectionRunner runner = fixture.runner(database, Fixture.FOR_EVER, new Balances());
            Connection other = database.getConnection();
            Statement statement = other.createStatement()) {
          runner.start();
          assertCaughtUp(runner);
          other.setAutoCommit(false);
          statement.execute(TOUCH + 3);
          CompletableFuture<Awaited> replay =
              CompletableFuture.supplyAsync(
                  () -> runner.replay(Set.of("balances"), ProgressListener.NONE));
          await(
              () ->
                  replay.isDone()
                      || number(database, "SELECT COUNT(*) FROM pg_locks WHERE NOT granted") > 0);
          statement.execute(TOUCH + 0); // waits for the replay, which waits for this
          other.commit();
          assertThat(replay.get()).isEqualTo(new Awaited.Reached());
          assertThat(balances(database)).isEqualTo(fixture.expected());
        }
      }
    }
  }
}
