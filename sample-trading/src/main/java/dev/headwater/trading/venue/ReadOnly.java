package dev.headwater.trading.venue;

import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Opens a venue's read models for a query: without the venue, and so that nothing can change. */
public final class ReadOnly {
  /** H2's code for a file that another process has locked. */
  private static final int IN_USE = 90020;

  private ReadOnly() {}

  /**
   * A connection that the database keeps from writing.
   *
   * @throws ReadModelException if there are no read models yet, or they can't be opened; says why
   */
  public static Connection connection(VenueSettings settings) {
    PostgresAddress postgres = settings.postgres();
    try {
      return postgres == null ? file(settings.readModelFile()) : server(postgres);
    } catch (SQLException e) {
      String what = postgres == null ? settings.readModelFile().toString() : postgres.place();
      throw new ReadModelException(
          "read models "
              + what
              + " can't be opened: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + (postgres == null ? advice(e) : postgres.advice(e)),
          e);
    }
  }

  private static String advice(SQLException failure) {
    return failure.getErrorCode() == IN_USE
        ? "; a venue or another command has them open"
        : "; if a command was killed, ./trading replay makes them anew";
  }

  private static Connection file(Path file) throws SQLException {
    Path stored = file.resolveSibling(file.getFileName() + ".mv.db");
    if (!Files.isRegularFile(stored)) {
      throw new ReadModelException(
          "there are no read models in "
              + stored
              + "; ./trading demo or ./trading import makes some");
    }
    return DriverManager.getConnection(
        ReadModelDatabase.fileUrl(file) + ";ACCESS_MODE_DATA=r;TRACE_LEVEL_FILE=0", "sa", "");
  }

  private static Connection server(PostgresAddress address) throws SQLException {
    Connection connection =
        DriverManager.getConnection(address.url(), address.user(), address.password());
    try {
      connection.setReadOnly(true);
      connection.setAutoCommit(false); // the server is told by the begin of a transaction
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
