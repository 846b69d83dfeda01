package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tables and views of a schema with their columns in order, as the catalogue spells them. Flyway's
 * own table is left out.
 *
 * @param tables type by column by table
 */
record SchemaColumns(Map<String, Map<String, String>> tables) {
  private static final String SELECT =
      "SELECT table_name, column_name, data_type FROM information_schema.columns"
          + " WHERE table_schema = ? AND LOWER(table_name) <> 'flyway_schema_history'"
          + " ORDER BY table_name, ordinal_position";

  /** Reads a schema; its name is given as it is written in SQL without quotes. */
  static SchemaColumns read(Connection connection, String schema) throws SQLException {
    Map<String, Map<String, String>> tables = new TreeMap<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setString(1, Vendor.of(connection).stored(schema));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          tables
              .computeIfAbsent(rows.getString(1), table -> new LinkedHashMap<>())
              .put(rows.getString(2), rows.getString(3));
        }
      }
    }
    return new SchemaColumns(tables);
  }

  /** Names of the columns of a table; empty if there is no such table. */
  List<String> columns(String table) {
    return List.copyOf(tables.getOrDefault(table, Map.of()).keySet());
  }

  /** The type of a column; null if there is none. */
  @Nullable String type(String table, String column) {
    return tables.getOrDefault(table, Map.of()).get(column);
  }
}
