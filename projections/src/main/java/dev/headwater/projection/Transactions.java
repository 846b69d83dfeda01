package dev.headwater.projection;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs work in transactions of one database. Thread-safe. */
final class Transactions {
  private final DataSource database;

  Transactions(DataSource database) {
    this.database = database;
  }

  /** Work in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T in(Connection connection) throws Exception;
  }

  /** Commits what the work did, or rolls it back when it throws. */
  <T> T run(Work<T> work) throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (Exception | Error e) {
        rollBack(connection, e);
        Failures.throwIfLost(connection, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
