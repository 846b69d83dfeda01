package dev.headwater.readmodel;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the database says about a declared table, as far as the meaning of changes depends on it.
 */
final class TableSchema {
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** How a column of a new row starts. */
  private enum Start {
    NULL,
    ZERO,
    OTHER
  }

  private record Column(Start start, int scale) {}

  private final Table table;
  private final List<Column> columns;

  private TableSchema(Table table, List<Column> columns) {
    this.table = table;
    this.columns = columns;
  }

  /**
   * Reads the schema of a table and checks that it is what was declared.
   *
   * @throws ReadModelException if the table is missing, lacks columns, or its key is not unique
   */
  static TableSchema read(Connection connection, Table table) throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    String schema = connection.getSchema();
    String stored =
        meta.storesUpperCaseIdentifiers()
            ? table.name().toUpperCase(Locale.ROOT)
            : table.name().toLowerCase(Locale.ROOT);
    Map<String, Column> found = columns(meta, schema, stored);
    if (found.isEmpty()) {
      throw new ReadModelException(
          "there is no table "
              + table.name()
              + " in schema "
              + schema
              + "; make it by a migration");
    }
    Set<String> missing = lowerCase(table.allColumns());
    missing.removeAll(found.keySet());
    if (!missing.isEmpty()) {
      throw new ReadModelException(
          "table " + table.name() + " lacks columns " + missing + "; add them by a migration");
    }
    if (!table.isAppendOnly()
        && !uniqueKeys(meta, schema, stored).contains(lowerCase(table.key()))) {
      throw new ReadModelException(
          "table "
              + table.name()
              + " needs a primary key or unique index on "
              + table.key()
              + "; make it by a migration");
    }
    return new TableSchema(
        table, table.columns().stream().map(c -> found.get(c.toLowerCase(Locale.ROOT))).toList());
  }

  Table table() {
    return table;
  }

  private static Map<String, Column> columns(
      DatabaseMetaData meta, @Nullable String schema, String table) throws SQLException {
    Map<String, Column> found = new HashMap<>();
    try (ResultSet rows = meta.getColumns(null, schema, escaped(meta, table), "%")) {
      while (rows.next()) {
        Column column = new Column(start(rows.getString("COLUMN_DEF")), scale(rows));
        found.put(rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT), column);
      }
    }
    return found;
  }

  private static String escaped(DatabaseMetaData meta, String table) throws SQLException {
    return table.replace("_", meta.getSearchStringEscape() + "_");
  }

  private static Start start(@Nullable String defaultValue) {
    if (defaultValue == null || defaultValue.equalsIgnoreCase("null")) {
      return Start.NULL;
    }
    try {
      return new BigDecimal(defaultValue).signum() == 0 ? Start.ZERO : Start.OTHER;
    } catch (NumberFormatException e) {
      return Start.OTHER;
    }
  }

  private static int scale(ResultSet column) throws SQLException {
    return switch (column.getInt("DATA_TYPE")) {
      case Types.NUMERIC, Types.DECIMAL -> column.getInt("DECIMAL_DIGITS");
      case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT -> 0;
      default -> UNLIMITED;
    };
  }

  private static Set<Set<String>> uniqueKeys(
      DatabaseMetaData meta, @Nullable String schema, String table) throws SQLException {
    Map<String, Set<String>> indexes = new HashMap<>();
    try (ResultSet rows = meta.getIndexInfo(null, schema, table, true, true)) {
      while (rows.next()) {
        String column = rows.getString("COLUMN_NAME");
        if (column != null) {
          indexes
              .computeIfAbsent(rows.getString("INDEX_NAME"), name -> new HashSet<>())
              .add(column.toLowerCase(Locale.ROOT));
        }
      }
    }
    Collection<Set<String>> keys = indexes.values();
    Set<Set<String>> unique = new HashSet<>(keys);
    unique.add(primaryKey(meta, schema, table)); // H2 has no index for a single integer key
    return unique;
  }

  private static Set<String> primaryKey(
      DatabaseMetaData meta, @Nullable String schema, String table) throws SQLException {
    Set<String> columns = new HashSet<>();
    try (ResultSet rows = meta.getPrimaryKeys(null, schema, table)) {
      while (rows.next()) {
        columns.add(rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
      }
    }
    return columns;
  }

  private static Set<String> lowerCase(List<String> names) {
    Set<String> lower = new HashSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return lower;
  }

  /**
   * Checks that a change means the same whether it is merged with others or written at once.
   *
   * @throws IllegalArgumentException if it would depend on the column's default, be rounded, or
   *     combine the column with null
   */
  void require(int index, Op op, @Nullable Object value) {
    Column column = columns.get(index);
    boolean startsRight =
        switch (column.start) {
          case NULL -> true;
          case ZERO -> op == Op.SET || op == Op.ADD;
          case OTHER -> op == Op.SET;
        };
    if (!startsRight) {
      throw new IllegalArgumentException(
          name(index) + " has a default, so it can't be changed by " + op + "; drop the default");
    }
    if (value == null && op != Op.SET) {
      throw new IllegalArgumentException(name(index) + " can't be changed by " + op + " of null");
    }
    if (value instanceof BigDecimal number
        && number.scale() > column.scale
        && number.stripTrailingZeros().scale() > column.scale) {
      throw new IllegalArgumentException(
          name(index) + " has " + column.scale + " decimals and would round " + number);
    }
  }

  private String name(int index) {
    return "column " + table.columns().get(index) + " of table " + table.name();
  }
}
