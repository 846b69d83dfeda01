package dev.headwater.projection;

import dev.headwater.readmodel.ReadModelException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs an operator's work in a transaction of its own. */
final class Transaction {
  private Transaction() {}

  /** Work that is committed if it returns. */
  @FunctionalInterface
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /**
   * The result of work that was committed.
   *
   * @param otherwise says what can't be done if the database fails
   */
  static <T> T run(DataSource database, String otherwise, Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return in(connection, work);
    } catch (SQLException e) {
      throw new ReadModelException(otherwise + ": " + Failures.describe(e), e);
    }
  }

  /** Like {@link #run}, on a connection that stays open. */
  static <T> T in(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.in(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }
}
