package dev.headwater.projection;

import static dev.headwater.projection.Accounts.BALANCE;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.awaitState;
import static dev.headwater.projection.Fixture.balances;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.Accounts.Ledger;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelFingerprint;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurvivalTest {
  private static final RunnerSettings SMALL = Fixture.QUICK.withBatchEvents(50);

  @TempDir private Path folder;
  private final Fixture fixture = new Fixture();

  private HikariDataSource database() {
    HikariDataSource database = ReadModelDatabase.h2File(folder.resolve("read"));
    Fixture.migrate(database);
    try {
      Fixture.execute(database, "CHECKPOINT SYNC"); // so that a crash leaves the tables there
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return database;
  }

  private static void crash(HikariDataSource database) {
    try {
      Fixture.execute(database, "SHUTDOWN IMMEDIATELY");
    } catch (SQLException e) {
      assertThat(e.getMessage()).isNotNull(); // the connection is gone with the database
    }
  }

  private void assertExact(HikariDataSource database) {
    assertThat(balances(database)).isEqualTo(fixture.expected());
    assertThat(Fixture.ledger(database)).isEqualTo(fixture.expected());
  }

  @Nested
  class Every_event_counts_exactly_once {
    @Test
    void although_the_database_crashes_again_and_again() throws Exception {
      Random random = new Random(7);
      try (HikariDataSource database = database();
          ProjectionRunner runner = fixture.runner(database, SMALL, new Balances(), new Ledger())) {
        Thread writer = Thread.ofPlatform().start(() -> fixture.deposit(20_000));
        runner.start();
        for (int i = 0; i < 10; i++) {
          Thread.sleep(random.nextInt(100));
          crash(database);
        }
        writer.join();
        assertCaughtUp(runner);
        assertExact(database);
      }
    }

    @Test
    void although_the_connection_is_lost_in_the_middle_of_a_batch() {
      AtomicInteger handled = new AtomicInteger();
      Projection cutting =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              on.event(
                  Deposited.class,
                  (event, recorded, rows) -> {
                    move(event.account(), event.amount(), recorded, rows);
                    if (handled.incrementAndGet() % 1000 == 999) {
                      rows.jdbc(
                          connection ->
                              connection.unwrap(org.h2.jdbc.JdbcConnection.class).close());
                    }
                  });
            }
          };
      fixture.deposit(1_000);
      try (HikariDataSource database = database();
          ProjectionRunner runner = fixture.runner(database, SMALL, cutting)) {
        runner.start();
        assertCaughtUp(runner);
        assertThat(runner.status("balances").lastError())
            .startsWith("connection to the database was lost");
        assertThat(balances(database)).isEqualTo(fixture.expected());
      }
      assertThat(handled.get()).isGreaterThan(3_000);
    }

    @Test
    void although_two_runners_work_on_one_database() throws Exception {
      try (HikariDataSource database = database();
          ProjectionRunner first = fixture.runner(database, SMALL, new Balances(), new Ledger());
          ProjectionRunner second = fixture.runner(database, SMALL, new Balances(), new Ledger())) {
        Thread writer = Thread.ofPlatform().start(() -> fixture.deposit(3_000));
        first.start();
        second.start();
        writer.join();
        assertCaughtUp(first);
        assertCaughtUp(second);
        assertExact(database);
      }
    }
  }

  @Nested
  class A_database_that_can_not_be_reached {
    private JdbcDataSource unpooled() {
      JdbcDataSource database = new JdbcDataSource();
      database.setUrl(ReadModelDatabase.fileUrl(folder.resolve("read")));
      database.setUser("sa");
      return database;
    }

    private FileChannel lock() throws Exception {
      FileChannel file = FileChannel.open(folder.resolve("read.mv.db"), StandardOpenOption.WRITE);
      assertThat(file.lock()).isNotNull();
      return file;
    }

    @Test
    void at_the_start_is_waited_for() throws Exception {
      fixture.deposit(100);
      database().close();
      FileChannel locked = lock();
      try (ProjectionRunner runner = fixture.runner(unpooled(), new Balances())) {
        runner.start();
        ProjectionStatus status = awaitState(runner, "balances", ProjectionState.RETRYING);
        assertThat(status.lastError()).contains("Database may be already in use");
        locked.close();
        assertCaughtUp(runner);
        awaitState(runner, "balances", ProjectionState.LIVE);
        assertThat(balances(unpooled())).isEqualTo(fixture.expected());
      }
    }

    @Test
    void for_a_while_is_waited_for() throws Exception {
      try (HikariDataSource database = database();
          ProjectionRunner runner = fixture.runner(database, SMALL, new Balances(), new Ledger())) {
        runner.start();
        fixture.deposit(500);
        assertCaughtUp(runner);
        crash(database);
        FileChannel locked = lockAsSoonAsFree();
        fixture.deposit(500);
        awaitState(runner, "balances", ProjectionState.RETRYING);
        awaitState(runner, "ledger", ProjectionState.RETRYING);
        locked.close();
        assertCaughtUp(runner);
        assertExact(database);
      }
    }

    /** The runner may have opened the database again at once: then crash it once more. */
    private FileChannel lockAsSoonAsFree() throws Exception {
      while (true) {
        try {
          return lock();
        } catch (java.nio.channels.OverlappingFileLockException e) {
          try (var connection = unpooled().getConnection();
              var statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
          } catch (SQLException gone) {
            assertThat(gone.getMessage()).isNotNull();
          }
        }
      }
    }
  }

  @Nested
  class A_replay {
    @Test
    void makes_the_same_read_model_and_tells_how_it_proceeds() {
      fixture.deposit(5_000);
      List<ReplayProgress> heard = Collections.synchronizedList(new ArrayList<>());
      try (HikariDataSource database = database();
          ProjectionRunner runner = fixture.runner(database, SMALL, new Balances(), new Ledger())) {
        runner.start();
        assertCaughtUp(runner);
        ReadModelFingerprint before = fingerprint(database);
        assertThat(runner.replay(Set.of("balances", "ledger"), heard::add))
            .isEqualTo(new Awaited.Reached());
        assertThat(fingerprint(database)).isEqualTo(before);
        assertThat(heard.getLast().applied()).isEqualTo(15_000);
        assertThat(heard.getLast().total()).isEqualTo(15_000);
        assertThat(heard.getLast().remaining()).isZero();
        assertThat(heard).extracting(ReplayProgress::projection).contains("balances", "ledger");
        fixture.deposit(10);
        assertCaughtUp(runner);
        assertExact(database);
      }
    }

    @Test
    void mends_what_somebody_has_spoilt() throws Exception {
      fixture.deposit(100);
      try (HikariDataSource database = database();
          ProjectionRunner runner = fixture.runner(database, SMALL, new Balances(), new Ledger())) {
        runner.start();
        assertCaughtUp(runner);
        ReadModelFingerprint before = fingerprint(database);
        Fixture.execute(database, "UPDATE account_balance SET balance = 0 WHERE account = 'a3'");
        assertThat(fingerprint(database)).isNotEqualTo(before);
        runner.replay(Set.of("balances"), ProgressListener.NONE);
        assertThat(fingerprint(database)).isEqualTo(before);
      }
    }

    @Test
    void that_a_crash_cuts_short_goes_on_at_the_next_start() throws Exception {
      fixture.deposit(10_000);
      ReadModelFingerprint before;
      Thread replay;
      try (HikariDataSource database = database()) {
        try (ProjectionRunner runner =
            fixture.runner(database, SMALL, new Balances(), new Ledger())) {
          runner.start();
          assertCaughtUp(runner);
          before = fingerprint(database);
          replay =
              Thread.ofPlatform()
                  .start(() -> runner.replay(Set.of("balances", "ledger"), ProgressListener.NONE));
          Fixture.await(
              () -> {
                long applied = runner.status("balances").applied();
                return applied > 0 && applied < 30_000;
              });
          crash(database);
        }
        replay.join();
      }
      try (HikariDataSource database = database();
          ProjectionRunner runner = fixture.runner(database, SMALL, new Balances(), new Ledger())) {
        runner.start();
        assertCaughtUp(runner);
        assertThat(fingerprint(database)).isEqualTo(before);
        assertExact(database);
      }
    }

    private ReadModelFingerprint fingerprint(HikariDataSource database) {
      return ReadModelFingerprint.of(database, List.of(BALANCE, Accounts.LEDGER));
    }
  }

  @Nested
  class A_database_that_no_other_process_can_open {
    @Test
    void gives_the_leases_of_a_process_that_was_killed_to_the_next_at_once() throws Exception {
      try (HikariDataSource file = database()) {
        Fixture.execute(
            file,
            "INSERT INTO headwater.runner_instance VALUES ('killed/1/a/1', CURRENT_TIMESTAMP,"
                + " CURRENT_TIMESTAMP, DATE '2999-01-01')");
        Fixture.execute(
            file,
            "INSERT INTO headwater.projection_lease SELECT 'balances', 1, x, 'killed/1/a/1', 7,"
                + " CURRENT_TIMESTAMP FROM SYSTEM_RANGE(0, 3)");
        fixture.deposit(10);
        try (ProjectionRunner runner = fixture.runner(file, Fixture.FOR_EVER, new Balances())) {
          runner.start();
          assertCaughtUp(runner);
          assertThat(balances(file)).isEqualTo(fixture.expected());
        }
      }
    }
  }
}
