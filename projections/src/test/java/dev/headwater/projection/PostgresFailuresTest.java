package dev.headwater.projection;

import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.awaitState;
import static dev.headwater.projection.Fixture.balances;
import static dev.headwater.projection.Fixture.execute;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.Accounts.Ledger;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.Rows;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PostgresFailuresTest {
  private static final RunnerSettings SMALL = Fixture.QUICK.withBatchEvents(50);

  private final Fixture fixture = new Fixture();
  private String url = "";
  private HikariDataSource database;

  @BeforeEach
  void open() {
    url = PostgresServer.shared().newDatabase();
    database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
    Fixture.migrate(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void assertExact() {
    assertThat(balances(database)).isEqualTo(fixture.expected());
    assertThat(Fixture.ledger(database)).isEqualTo(fixture.expected());
  }

  /** Sets what holds for all connections that are made from now on. */
  private void set(String setting) throws SQLException {
    execute(
        database,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET "
            + setting.replace("'", "''")
            + "', current_database()); END $$");
  }

  /** A session of somebody else, in a transaction. */
  private final class Other implements AutoCloseable {
    private final Connection connection;

    Other() throws SQLException {
      connection = DriverManager.getConnection(url, PostgresServer.USER, "");
      connection.setAutoCommit(false);
    }

    Other run(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
      return this;
    }

    void awaitOneThatWaits() {
      Fixture.await(
          () ->
              number(
                      database,
                      "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND"
                          + " datname = current_database()")
                  > 0);
    }

    @Override
    public void close() throws SQLException {
      connection.rollback();
      connection.close();
    }
  }

  /** Balances, with something that happens once in the middle of a batch of events. */
  private static Projection disturbed(Disturbance disturbance) {
    AtomicInteger handled = new AtomicInteger();
    return new Balances() {
      @Override
      public void define(EventHandlers on) {
        on.event(
            Deposited.class,
            (event, recorded, rows) -> {
              move(event.account(), event.amount(), recorded, rows);
              if (handled.incrementAndGet() == 100) {
                disturbance.strike(rows);
              }
            });
      }
    };
  }

  @FunctionalInterface
  private interface Disturbance {
    void strike(Rows rows) throws SQLException;
  }

  @Nested
  class Every_event_counts_exactly_once {
    @Test
    void although_connections_are_terminated_again_and_again() throws Exception {
      try (ProjectionRunner runner =
          fixture.runner(database, SMALL, new Balances(), new Ledger())) {
        Thread writer = Thread.ofPlatform().start(() -> fixture.deposit(2_000));
        runner.start();
        for (int i = 0; i < 5; i++) {
          long applied = runner.status("balances").applied();
          try (Other other = new Other()) { // those of the pool may be cut themselves
            other.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                    + " current_database() AND pid <> pg_backend_pid()");
          }
          Fixture.await(() -> isBehind(runner, applied));
        }
        writer.join();
        assertCaughtUp(runner);
        assertThat(runner.status("balances").lastError()).contains("connection");
        assertExact();
      }
    }

    /** Whether it has gone on, or has nothing to go on with. */
    private boolean isBehind(ProjectionRunner runner, long applied) {
      ProjectionStatus status = runner.status("balances");
      return status.applied() > applied || status.state() == ProjectionState.LIVE;
    }

    @Test
    void although_the_connection_is_lost_in_the_middle_of_a_transaction() {
      Projection cutting =
          disturbed(
              rows ->
                  rows.jdbc(
                      connection -> {
                        try (Statement statement = connection.createStatement()) {
                          statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
                        }
                      }));
      fixture.deposit(200);
      try (ProjectionRunner runner = fixture.runner(database, cutting)) {
        runner.start();
        assertCaughtUp(runner);
        assertThat(runner.status("balances").lastError())
            .startsWith("connection to the database was lost");
      }
      assertThat(balances(database)).isEqualTo(fixture.expected());
    }

    @Test
    void although_it_gets_into_a_deadlock_with_another_session() throws Exception {
      fixture.deposit(10);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertCaughtUp(runner);
      }
      set("deadlock_timeout = '1500ms'");
      close();
      database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
      fixture.deposit(10);
      String touch = "UPDATE account_balance SET balance = balance WHERE account = ";
      try (Other other = new Other();
          ProjectionRunner runner = fixture.runner(database, new Balances())) {
        other.run("SET deadlock_timeout = '1min'").run(touch + "'a9'");
        runner.start();
        other.awaitOneThatWaits();
        other.run(touch + "'a0'"); // waits for the runner, which is told of the deadlock
        other.connection.commit();
        assertCaughtUp(runner);
        assertThat(runner.status("balances").lastError()).contains("deadlock detected");
      }
      assertThat(balances(database)).isEqualTo(fixture.expected());
    }

    @Test
    void although_its_transaction_can_not_be_serialized() throws Exception {
      set("default_transaction_isolation = 'repeatable read'");
      close();
      database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
      fixture.deposit(10);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertCaughtUp(runner);
      }
      fixture.deposit(100);
      Projection crossed =
          disturbed(rows -> execute(database, "UPDATE account_balance SET movements = movements"));
      try (ProjectionRunner runner = fixture.runner(database, SMALL, crossed)) {
        runner.start();
        assertCaughtUp(runner);
        assertThat(runner.status("balances").lastError()).contains("could not serialize access");
      }
      assertThat(balances(database)).isEqualTo(fixture.expected());
    }

    @Test
    void although_statements_take_too_long_for_a_while() throws Exception {
      set("statement_timeout = '100ms'");
      close();
      database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
      fixture.deposit(100);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        try (Other other = new Other()) {
          other.run("LOCK TABLE account_balance IN EXCLUSIVE MODE");
          runner.start();
          assertThat(awaitState(runner, "balances", ProjectionState.RETRYING).lastError())
              .contains("canceling statement due to statement timeout");
        }
        assertCaughtUp(runner);
      }
      assertThat(balances(database)).isEqualTo(fixture.expected());
    }

    @Test
    void although_there_is_no_free_connection_for_a_while() throws Exception {
      try (HikariDataSource pool = ReadModelDatabase.postgresql(url, PostgresServer.USER, "", 3)) {
        fixture.deposit(100);
        try (ProjectionRunner runner = fixture.runner(pool, new Balances())) {
          try (Connection first = pool.getConnection();
              Connection second = pool.getConnection();
              Connection third = pool.getConnection()) {
            pool.setConnectionTimeout(250);
            runner.start();
            assertThat(awaitState(runner, "balances", ProjectionState.RETRYING).lastError())
                .contains("Connection is not available");
            assertThat(third).isNotEqualTo(first).isNotEqualTo(second);
          }
          assertCaughtUp(runner);
        }
        assertThat(balances(database)).isEqualTo(fixture.expected());
      }
    }

    @Test
    void although_the_database_is_read_only_for_a_while() throws Exception {
      fixture.deposit(100);
      set("default_transaction_read_only = on");
      database.close();
      database =
          ReadModelDatabase.postgresql(url + "?targetServerType=any", PostgresServer.USER, "");
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertThat(awaitState(runner, "balances", ProjectionState.RETRYING).lastError())
            .contains("read-only transaction");
        try (Other other = new Other()) {
          other.run("SET TRANSACTION READ WRITE");
          other.run(
              "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET ALL', current_database());"
                  + " END $$");
          other.connection.commit();
        }
        assertCaughtUp(runner);
      }
      assertThat(balances(database)).isEqualTo(fixture.expected());
    }
  }
}
