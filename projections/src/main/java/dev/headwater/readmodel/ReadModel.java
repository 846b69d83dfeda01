package dev.headwater.readmodel;

import dev.headwater.readmodel.PendingLineage.Traced;
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

  /** Null where lineage is off. */
  private final @Nullable Traced traced;

  private ReadModel(Dialect dialect, List<TableSchema> schemas, @Nullable Traced traced) {
    this.dialect = dialect;
    this.schemas = schemas;
    this.traced = traced;
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
    return new ReadModel(Dialect.of(connection), List.copyOf(schemas), null);
  }

  /**
   * The same, which writes to {@code headwater.lineage} which event touched which row. Tables
   * without a key have no lineage.
   *
   * @throws ReadModelException if the framework's migrations have not been run
   */
  public ReadModel traced(Connection connection, String projection, int version)
      throws SQLException {
    TableSchema lineage = TableSchema.read(connection, null, PendingLineage.TABLE);
    return new ReadModel(dialect, schemas, new Traced(projection, version, lineage));
  }

  /** Starts collecting changes that will be written in the connection's transaction. */
  public RowBatch batch(Connection connection) {
    PendingLineage lineage = traced == null ? null : new PendingLineage(traced);
    return new RowBatch(connection, dialect, schemas, lineage);
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
