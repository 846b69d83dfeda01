package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Accounts.AccountEvent;
import dev.headwater.readmodel.Migrations;
import dev.headwater.store.EventStore;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** A store, and what its events add up to. */
final class Fixture {
  static final Duration LONG = Duration.ofSeconds(60);
  static final RunnerSettings QUICK =
      RunnerSettings.DEFAULT
          .withRetries(Duration.ofMillis(5), Duration.ofMillis(50))
          .withHeadsEvery(Duration.ofMillis(20))
          .withLease(Duration.ofSeconds(2), Duration.ofMillis(20));

  /** With a lease so long that a test would fail that waited for its end. */
  static final RunnerSettings FOR_EVER =
      QUICK.withBatchEvents(50).withLease(Duration.ofHours(1), Duration.ofMillis(20));

  final InMemoryEventStore store = new InMemoryEventStore(4);
  private final Map<String, BigDecimal> expected = new TreeMap<>();

  /** Appends deposits of 1, 2, 3 … to ten accounts in turn, each of three events in one commit. */
  void deposit(int commits) {
    for (int i = 0; i < commits; i++) {
      String account = "a" + i % 10;
      AccountEvent[] events = new AccountEvent[3];
      for (int k = 0; k < events.length; k++) {
        events[k] = Accounts.deposited(account, i + k);
        record(account, i + k);
      }
      Accounts.append(store, account, events);
    }
  }

  /** Appends so many deposits of 1, 2, 3 … to ten accounts in turn, in commits of ten. */
  static void deposit(EventStore store, int events) {
    AccountEvent[] commit = new AccountEvent[10];
    for (int i = 0; i < events; i += commit.length) {
      String account = "a" + i / commit.length % 10;
      for (int k = 0; k < commit.length; k++) {
        commit[k] = Accounts.deposited(account, i + k);
      }
      Accounts.append(store, account, commit);
    }
  }

  private synchronized void record(String account, long amount) {
    expected.merge(account, new BigDecimal(amount).setScale(2), BigDecimal::add);
  }

  synchronized Map<String, BigDecimal> expected() {
    return new TreeMap<>(expected);
  }

  ProjectionRunner runner(DataSource database, Projection... projections) {
    return runner(database, QUICK, projections);
  }

  ProjectionRunner runner(DataSource database, RunnerSettings settings, Projection... projections) {
    return new ProjectionRunner(store, Accounts.CODEC, database, List.of(projections), settings);
  }

  static void migrate(DataSource database) {
    Migrations.framework(database);
    Migrations.application(database, "classpath:db/accounts");
  }

  static Map<String, BigDecimal> balances(DataSource database) {
    return sums(database, "SELECT account, balance FROM account_balance");
  }

  static Map<String, BigDecimal> ledger(DataSource database) {
    return sums(database, "SELECT account, SUM(amount) FROM ledger GROUP BY account");
  }

  private static Map<String, BigDecimal> sums(DataSource database, String sql) {
    Map<String, BigDecimal> sums = new TreeMap<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        sums.put(rows.getString(1), rows.getBigDecimal(2));
      }
      return sums;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The versions of an account's events in the ledger, in the order in which they were applied. */
  static List<Long> versionsOf(DataSource database, String account) {
    List<Long> versions = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT version FROM ledger WHERE account = '" + account + "' ORDER BY id")) {
      while (rows.next()) {
        versions.add(rows.getLong(1));
      }
      return versions;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static long number(DataSource database, String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static void assertCaughtUp(ProjectionRunner runner) {
    assertThat(runner.awaitCaughtUp(LONG)).isEqualTo(new Awaited.Reached());
  }

  static ProjectionStatus awaitState(
      ProjectionRunner runner, String projection, ProjectionState state) {
    await(() -> runner.status(projection).state() == state);
    return runner.status(projection);
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }
}
