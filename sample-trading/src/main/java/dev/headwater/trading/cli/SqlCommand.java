package dev.headwater.trading.cli;

import dev.headwater.trading.venue.ReadOnly;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading sql}: a query for those who have no SQL shell at hand. */
@Command(
    name = "sql",
    description =
        "Prints what a query finds in the read models. Needs no Redis, changes no read model.",
    mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
  private static final int FETCH = 1_000;

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Parameters(paramLabel = "QUERY", description = "one SELECT, in quotes")
  private String query = "";

  /** H2's code for a statement that gives no rows. */
  private static final int NOT_A_QUERY = 90002;

  @Option(names = "--csv", description = "comma-separated values instead of columns")
  private boolean csv;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = ReadOnly.connection(venueOptions.settings());
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows = statement.executeQuery(query)) {
        if (csv) {
          RowPrinter.csv(rows, out);
        } else {
          RowPrinter.columns(rows, out);
        }
      }
      out.flush();
      return 0;
    } catch (SQLException e) {
      throw new IllegalArgumentException("the query failed: " + reason(e), e);
    }
  }

  private static String reason(SQLException failure) {
    if (failure.getErrorCode() == NOT_A_QUERY) {
      return "it has to be one query, such as SELECT; nothing can be changed";
    }
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return line.replaceFirst("; SQL statement:$", "");
  }
}
