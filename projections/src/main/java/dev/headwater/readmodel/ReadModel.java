package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one projection, checked against the database. Called by whoever runs the
 * projection. Immutable and thread-safe.
 */
public final class ReadModel {
  private final Dialect dialect;
  private final List<TableSchema> schemas;

  private ReadModel(Dialect dialect, List<TableSchema> schemas) {
    this.dialect = dialect;
    this.schemas = schemas;
  }

  /**
   * Checks that the tables exist as they are declared.
   *
   * @param schema where they are, but for those whose name says a schema; null for the connection's
   *     default schema
   * @throws ReadModelException if one does not, or the vendor is not supported
   */
  public static ReadModel check(Connection connection, @Nullable String schema, List<Table> tables)
      throws SQLException {
    List<TableSchema> schemas = new ArrayList<>();
    for (Table table : tables) {
      schemas.add(TableSchema.read(connection, schema, table));
    }
    return new ReadModel(Dialect.of(connection), List.copyOf(schemas));
  }

  /** Starts collecting changes that will be written in the connection's transaction. */
  public RowBatch batch(Connection connection) {
    return new RowBatch(connection, dialect, schemas);
  }

  /** Deletes all rows of the tables in the connection's transaction. */
  public void empty(Connection connection) throws SQLException {
    for (TableSchema schema : schemas) {
      // Not TRUNCATE: in H2 it commits.
      try (PreparedStatement statement =
          connection.prepareStatement("DELETE FROM " + schema.sqlName())) {
        statement.executeUpdate();
      }
    }
  }
}
