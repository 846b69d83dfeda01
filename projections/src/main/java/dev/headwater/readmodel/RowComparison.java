package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that differ between two tables by SQL that every vendor understands.
 *
 * @param serving name of the one table
 * @param other name of the other
 * @param key what identifies a row; empty if nothing does
 * @param columns those to compare, with the key
 * @param retyped those that have different types in the two
 */
record RowComparison(
    String serving, String other, List<String> key, List<String> columns, Set<String> retyped) {

  TableFingerprint fingerprint(Connection connection, String table) throws SQLException {
    return TableFingerprint.of(connection, new Table(table, List.of(), columns));
  }

  /** Number of rows that only one table has or that differ; of distinct rows without a key. */
  long count(Connection connection) throws SQLException {
    return key.isEmpty()
        ? count(connection, "(" + except(serving, other) + ") r")
            + count(connection, "(" + except(other, serving) + ") r")
        : count(connection, differing())
            + count(connection, missing(serving, other))
            + count(connection, missing(other, serving));
  }

  private static long count(Connection connection, String from) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT COUNT(*) FROM " + from);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  List<RowDifference> sample(Connection connection, int limit) throws SQLException {
    List<RowDifference> sample = new ArrayList<>();
    if (key.isEmpty()) {
      String order = " ORDER BY " + String.join(", ", columns);
      read(
          connection, except(serving, other) + order, limit, row -> sample.add(grouped(row, true)));
      read(
          connection,
          except(other, serving) + order,
          limit - sample.size(),
          row -> sample.add(grouped(row, false)));
      return sample;
    }
    String order = " ORDER BY " + names("l.", key);
    String both = names("l.", columns) + ", " + names("r.", columns);
    read(
        connection,
        "SELECT " + both + " FROM " + differing() + order,
        limit,
        row -> sample.add(changed(row)));
    String one = "SELECT " + names("l.", columns) + " FROM ";
    read(
        connection,
        one + missing(serving, other) + order,
        limit - sample.size(),
        row -> sample.add(new RowDifference(values(row, key, 1), values(row, rest(), 1), null)));
    read(
        connection,
        one + missing(other, serving) + order,
        limit - sample.size(),
        row -> sample.add(new RowDifference(values(row, key, 1), null, values(row, rest(), 1))));
    return sample;
  }

  private String differing() {
    String condition =
        rest().stream()
            .map(column -> value("l.", column) + " IS DISTINCT FROM " + value("r.", column))
            .collect(Collectors.joining(" OR "));
    return serving
        + " l JOIN "
        + other
        + " r ON "
        + sameKey()
        + " WHERE "
        + (condition.isEmpty() ? "FALSE" : condition);
  }

  private String missing(String table, String in) {
    return table + " l WHERE NOT EXISTS (SELECT 1 FROM " + in + " r WHERE " + sameKey() + ")";
  }

  private String sameKey() {
    return key.stream()
        .map(column -> value("l.", column) + " = " + value("r.", column))
        .collect(Collectors.joining(" AND "));
  }

  private String value(String table, String column) {
    return retyped.contains(column) ? "CAST(" + table + column + " AS VARCHAR)" : table + column;
  }

  private String except(String table, String without) {
    return grouped(table) + " EXCEPT " + grouped(without);
  }

  private String grouped(String table) {
    String list =
        columns.stream().map(column -> value("", column)).collect(Collectors.joining(", "));
    return "SELECT " + list + ", COUNT(*) FROM " + table + " GROUP BY " + list;
  }

  private List<String> rest() {
    return columns.stream()
        .filter(column -> key.stream().noneMatch(column::equalsIgnoreCase))
        .toList();
  }

  private static String names(String table, List<String> columns) {
    return columns.stream().map(column -> table + column).collect(Collectors.joining(", "));
  }

  private RowDifference changed(ResultSet row) throws SQLException {
    Map<String, @Nullable String> before = values(row, rest(), 1);
    Map<String, @Nullable String> after = values(row, rest(), 1 + columns.size());
    for (String column : rest()) {
      if (Objects.equals(before.get(column), after.get(column))) {
        before.remove(column);
        after.remove(column);
      }
    }
    return new RowDifference(values(row, key, 1), before, after);
  }

  private RowDifference grouped(ResultSet row, boolean isServing) throws SQLException {
    Map<String, @Nullable String> all = values(row, columns, 1);
    all.put("COUNT(*)", row.getString(columns.size() + 1));
    return isServing
        ? new RowDifference(all, Map.of(), null)
        : new RowDifference(all, null, Map.of());
  }

  /** Values of some of the columns, which begin in the row at {@code first}. */
  private Map<String, @Nullable String> values(ResultSet row, List<String> wanted, int first)
      throws SQLException {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      if (wanted.stream().anyMatch(column::equalsIgnoreCase)) {
        values.put(column, row.getString(first + i));
      }
    }
    return values;
  }

  /** Takes a row. */
  @FunctionalInterface
  private interface OnRow {
    void take(ResultSet row) throws SQLException;
  }

  private static void read(Connection connection, String sql, int limit, OnRow onRow)
      throws SQLException {
    if (limit <= 0) {
      return;
    }
    String limited = sql + " FETCH FIRST " + limit + " ROWS ONLY";
    try (PreparedStatement select = connection.prepareStatement(limited);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        onRow.take(rows);
      }
    }
  }
}
