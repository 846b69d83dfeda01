package dev.headwater.projection;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs work in a transaction of its own: all of it is committed, or none. */
record Transactions(DataSource database) {
  /** Work in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T in(Connection connection) throws Exception;
  }

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
