package dev.headwater.projection;

import static dev.headwater.projection.Fixture.number;

import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What the framework's tables hold of a version; decisions of people, which are kept, apart. */
final class VersionRows {
  private static final String TABLES =
      "SELECT LOWER(c.table_name) FROM information_schema.columns c"
          + " JOIN information_schema.tables t ON t.table_schema = c.table_schema"
          + " AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'"
          + " WHERE LOWER(c.table_schema) = 'headwater' AND LOWER(c.column_name) = 'projection'"
          + " AND LOWER(c.table_name) <> 'parked_decision'";

  private VersionRows() {}

  /** How many rows each table has of it that has any. */
  static Map<String, Long> of(DataSource database, ProjectionId id) throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var tables = statement.executeQuery(TABLES)) {
      while (tables.next()) {
        String of = " WHERE projection = '" + id.name() + "' AND version = " + id.version();
        String table = tables.getString(1);
        long count = number(database, "SELECT COUNT(*) FROM headwater." + table + of);
        if (count > 0) {
          rows.put(table, count);
        }
      }
    }
    return rows;
  }
}
