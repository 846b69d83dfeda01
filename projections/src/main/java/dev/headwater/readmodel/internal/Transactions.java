package dev.headwater.readmodel.internal;

import dev.headwater.readmodel.ReadModelException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import javax.sql.DataSource;

/** Runs work in transactions of one database: all of it is committed, or nothing. Thread-safe. */
public final class Transactions {
  private static final int ANSWER_SECONDS = 5;

  private final DataSource database;

  /** On a database that the caller closes. */
  public Transactions(DataSource database) {
    this.database = database;
  }

  /** Work in a transaction. */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {
    /** Does it; what it throws rolls it back. */
    T in(Connection connection) throws X;
  }

  /**
   * Commits what the work did, or rolls it back when it throws.
   *
   * @throws SQLRecoverableException if the connection was lost, whatever that made the work throw
   */
  public <T, X extends Exception> T run(Work<T, X> work) throws SQLException, X {
    try (Connection connection = database.getConnection()) {
      try {
        return in(connection, work);
      } catch (Exception | Error e) {
        throwIfLost(connection, e);
        throw e;
      }
    }
  }

  /**
   * The same for who has no other way than to report that the database failed.
   *
   * @param otherwise says what can't be done then
   * @throws ReadModelException if the database fails
   */
  public <T> T run(String otherwise, Work<T, SQLException> work) {
    try {
      return run(work);
    } catch (SQLException e) {
      throw new ReadModelException(otherwise + ": " + OneLine.of(e), e);
    }
  }

  /** Like {@link #run}, on a connection that stays open and does not commit by itself then. */
  public static <T, X extends Exception> T in(Connection connection, Work<T, X> work)
      throws SQLException, X {
    connection.setAutoCommit(false);
    try {
      T result = work.in(connection);
      connection.commit();
      return result;
    } catch (Exception | Error e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Calls a lost connection by its name, because drivers report it in many ways. */
  private static void throwIfLost(Connection connection, Throwable failure) throws SQLException {
    if (isLost(connection)) {
      throw new SQLRecoverableException(
          "connection to the database was lost: " + OneLine.of(failure), failure);
    }
  }

  private static boolean isLost(Connection connection) {
    try {
      return !connection.isValid(ANSWER_SECONDS);
    } catch (SQLException e) {
      return true;
    }
  }
}
