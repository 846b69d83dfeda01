package dev.headwater.readmodel;

import dev.headwater.readmodel.Column.Start;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the database says about a declared table, as far as the meaning of changes depends on it.
 */
final class TableSchema {
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** PostgreSQL reports a greater one for a NUMERIC without precision, which has any scale. */
  private static final int MAX_PRECISION = 100_000;

  private static final Set<String> CASELESS = Set.of("citext", "varchar_ignorecase");
  private static final Set<String> PADDED = Set.of("bpchar", "char", "character");

  private final Table table;
  private final String sqlName;
  private final List<Column> key;
  private final List<Column> columns;

  /** Whether each row is checked by rules that a change alone may break. */
  private final boolean checked;

  /** Columns without which no row is made. */
  private final Set<String> required;

  private TableSchema(Table table, String sqlName, Map<String, Column> found, boolean checked) {
    this.table = table;
    this.sqlName = sqlName;
    this.key = columns(table.key(), found);
    this.columns = columns(table.columns(), found);
    this.checked = checked;
    this.required =
        found.values().stream()
            .filter(Column::required)
            .map(Column::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Column> columns(List<String> names, Map<String, Column> found) {
    return names.stream()
        .map(name -> Objects.requireNonNull(found.get(name.toLowerCase(Locale.ROOT))))
        .toList();
  }

  /**
   * Reads the schema of a table and checks that it is what was declared.
   *
   * @param inSchema where it is; null for the connection's default schema
   * @throws ReadModelException if the table is missing, lacks columns, its key is not unique, or
   *     finds keys equal that are not
   */
  static TableSchema read(Connection connection, @Nullable String inSchema, Table table)
      throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    String sqlName = table.in(inSchema).name();
    int point = sqlName.indexOf('.');
    String schema =
        point < 0 ? connection.getSchema() : inStoredCase(meta, sqlName.substring(0, point));
    String stored = inStoredCase(meta, sqlName.substring(point + 1));
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
    TableSchema read =
        new TableSchema(table, sqlName, found, isChecked(connection, schema, stored));
    read.requireKeysToldApart();
    return read;
  }

  /**
   * Changes are merged by key before the database sees them: it must not find more of them equal.
   */
  private void requireKeysToldApart() {
    for (Column column : key) {
      if (CASELESS.contains(column.typeName().toLowerCase(Locale.ROOT))) {
        throw new ReadModelException(
            "key "
                + name(column)
                + " is "
                + column.typeName()
                + ", for which keys are the same that differ in case; make it VARCHAR, and write"
                + " keys in one case");
      }
    }
  }

  /** As it was declared. */
  Table table() {
    return table;
  }

  /** The name by which SQL finds it, with its schema where that is not the default one. */
  String sqlName() {
    return sqlName;
  }

  private static String inStoredCase(DatabaseMetaData meta, String name) throws SQLException {
    return meta.storesUpperCaseIdentifiers()
        ? name.toUpperCase(Locale.ROOT)
        : name.toLowerCase(Locale.ROOT);
  }

  /** The columns of the key. */
  List<Column> key() {
    return key;
  }

  /** The other declared columns, by their place. */
  List<Column> columns() {
    return columns;
  }

  /** Whether a key and changes of these columns are enough to make a row. */
  boolean makesRows(List<Integer> changed) {
    Set<String> given = new HashSet<>();
    key.forEach(column -> given.add(column.name()));
    changed.forEach(index -> given.add(columns.get(index).name()));
    return !checked && given.containsAll(required);
  }

  private static boolean isChecked(Connection connection, @Nullable String schema, String table)
      throws SQLException {
    if (Vendor.of(connection) == Vendor.H2) {
      return false; // nobody asks
    }
    String sql =
        "SELECT EXISTS (SELECT FROM pg_constraint WHERE contype IN ('c', 'x')"
            + " AND conrelid = to_regclass(quote_ident(?) || '.' || quote_ident(?)))"
            + " OR EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal"
            + " AND tgrelid = to_regclass(quote_ident(?) || '.' || quote_ident(?)))";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, schema);
      select.setString(2, table);
      select.setString(3, schema);
      select.setString(4, table);
      try (ResultSet answer = select.executeQuery()) {
        answer.next();
        return answer.getBoolean(1);
      }
    }
  }

  private static Map<String, Column> columns(
      DatabaseMetaData meta, @Nullable String schema, String table) throws SQLException {
    Map<String, Column> found = new HashMap<>();
    try (ResultSet rows = meta.getColumns(null, escaped(meta, schema), escaped(meta, table), "%")) {
      while (rows.next()) {
        Column column = column(rows);
        found.put(column.name(), column);
      }
    }
    return found;
  }

  private static @Nullable String escaped(DatabaseMetaData meta, @Nullable String name)
      throws SQLException {
    return name == null ? null : name.replace("_", meta.getSearchStringEscape() + "_");
  }

  private static Column column(ResultSet row) throws SQLException {
    String typeName = row.getString("TYPE_NAME");
    String defaultValue = row.getString("COLUMN_DEF");
    boolean made =
        "YES".equals(row.getString("IS_AUTOINCREMENT"))
            || "YES".equals(row.getString("IS_GENERATEDCOLUMN"));
    return new Column(
        row.getString("COLUMN_NAME").toLowerCase(Locale.ROOT),
        ColumnType.of(row.getInt("DATA_TYPE"), typeName),
        typeName,
        start(defaultValue),
        scale(row),
        row.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls && !made && defaultValue == null);
  }

  private static Start start(@Nullable String defaultValue) {
    // PostgreSQL shows some defaults with their type: '0'::numeric, NULL::character varying.
    String value =
        defaultValue == null ? "NULL" : defaultValue.replaceFirst("::[a-z ]+(\\([0-9,]+\\))?$", "");
    if (value.equalsIgnoreCase("null")) {
      return Start.NULL;
    }
    try {
      String number = value.replaceFirst("^'(.*)'$", "$1");
      return new BigDecimal(number).signum() == 0 ? Start.ZERO : Start.OTHER;
    } catch (NumberFormatException e) {
      return Start.OTHER;
    }
  }

  private static int scale(ResultSet column) throws SQLException {
    return switch (column.getInt("DATA_TYPE")) {
      case Types.NUMERIC, Types.DECIMAL -> {
        int precision = column.getInt("COLUMN_SIZE");
        boolean any = precision == 0 || precision > MAX_PRECISION;
        yield any ? UNLIMITED : column.getInt("DECIMAL_DIGITS");
      }
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
        if (column != null && rows.getString("FILTER_CONDITION") == null) {
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

  /** The columns of a table's primary key, in lower case; none if it has none. */
  static List<String> primaryKey(Connection connection, String schema, String table)
      throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    return List.copyOf(primaryKey(meta, inStoredCase(meta, schema), inStoredCase(meta, table)));
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
   * @throws IllegalArgumentException if it would depend on the column's default, be rounded,
   *     combine the column with null, or the column can't hold the value
   */
  void require(int index, Op op, @Nullable Object value) {
    Column column = columns.get(index);
    boolean startsRight =
        switch (column.start()) {
          case NULL -> true;
          case ZERO -> op == Op.SET || op == Op.ADD;
          case OTHER -> op == Op.SET;
        };
    if (!startsRight) {
      throw new IllegalArgumentException(
          name(column) + " has a default, so it can't be changed by " + op + "; drop the default");
    }
    if (value != null) {
      requireHeld(column, value);
    } else if (op != Op.SET) {
      throw new IllegalArgumentException(name(column) + " can't be changed by " + op + " of null");
    }
  }

  /**
   * Checks that a key column can hold a value.
   *
   * @throws IllegalArgumentException if it can't, or would round or cut it
   */
  void requireKey(int index, Object value) {
    Column column = key.get(index);
    requireHeld(column, value);
    if (value instanceof String text
        && text.endsWith(" ")
        && PADDED.contains(column.typeName().toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          name(column)
              + " is CHAR, which does not keep blanks at the end, as "
              + Values.show(value)
              + " has; make it VARCHAR");
    }
  }

  private void requireHeld(Column column, Object value) {
    if (!column.type().holds(value)) {
      String advice =
          column.type() == ColumnType.LOCAL_TIME ? "; make it TIMESTAMP(6) WITH TIME ZONE" : "";
      throw new IllegalArgumentException(
          name(column)
              + " is "
              + column.typeName()
              + " and can't hold "
              + Values.show(value)
              + advice);
    }
    if (value instanceof BigDecimal number
        && number.scale() > column.scale()
        && number.stripTrailingZeros().scale() > column.scale()) {
      throw new IllegalArgumentException(
          name(column) + " has " + column.scale() + " decimals and would round " + number);
    }
  }

  private String name(Column column) {
    return "column " + column.name() + " of table " + table.name();
  }
}
