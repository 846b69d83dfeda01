package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * PostgreSQL: one statement for all rows, which are arrays, one a column. So the text of a
 * statement does not depend on the number of rows, and is planned once.
 *
 * <p>An upsert is {@code INSERT … ON CONFLICT} where the change alone would make a valid row: else
 * PostgreSQL would refuse it although the row exists. There it is an UPDATE, then an INSERT of what
 * was not there.
 */
final class PostgresDialect implements Dialect {
  @Override
  public void insert(Connection connection, TableSchema schema, Cells rows) throws SQLException {
    execute(connection, insertInto(schema, "", rows) + from(rows), rows);
  }

  @Override
  public void delete(Connection connection, TableSchema schema, Cells keys) throws SQLException {
    String sql = "DELETE FROM " + schema.sqlName() + " AS r USING ";
    execute(connection, sql + unnest(keys) + " WHERE " + sameKey(schema), keys);
  }

  @Override
  public void upsert(Connection connection, TableSchema schema, Shape shape) throws SQLException {
    Cells rows = Cells.changes(schema, shape);
    List<Integer> changed = shape.changed();
    if (changed.isEmpty() || schema.makesRows(changed)) {
      execute(connection, insertOnConflict(schema, shape, rows), rows);
    } else if (execute(connection, update(schema, shape, rows), rows) < rows.rows()) {
      execute(connection, insertAbsent(schema, rows), rows);
    }
  }

  private static String insertOnConflict(TableSchema schema, Shape shape, Cells rows) {
    String key = schema.key().stream().map(Column::name).collect(Collectors.joining(", "));
    String action =
        shape.changed().isEmpty()
            ? "NOTHING"
            : "UPDATE SET " + assignments(schema, shape, column -> "excluded." + column.name());
    return insertInto(schema, " AS r", rows)
        + from(rows)
        + " ON CONFLICT ("
        + key
        + ") DO "
        + action;
  }

  private static String update(TableSchema schema, Shape shape, Cells rows) {
    return "UPDATE "
        + schema.sqlName()
        + " AS r SET "
        + assignments(schema, shape, PostgresDialect::value)
        + " FROM "
        + unnest(rows)
        + " WHERE "
        + sameKey(schema);
  }

  private static String insertAbsent(TableSchema schema, Cells rows) {
    return insertInto(schema, "", rows)
        + from(rows)
        + " WHERE NOT EXISTS (SELECT FROM "
        + schema.sqlName()
        + " AS r WHERE "
        + sameKey(schema)
        + ")";
  }

  private static String insertInto(TableSchema schema, String alias, Cells rows) {
    return "INSERT INTO " + schema.sqlName() + alias + " (" + String.join(", ", rows.names()) + ")";
  }

  private static String from(Cells rows) {
    return rows.columns().stream()
        .map(PostgresDialect::value)
        .collect(Collectors.joining(", ", " SELECT ", " FROM " + unnest(rows)));
  }

  /** All rows, as {@code n}. */
  private static String unnest(Cells rows) {
    StringJoiner arrays = new StringJoiner(", ", "unnest(", ") AS n");
    StringJoiner names = new StringJoiner(", ", "(", ")");
    for (Column column : rows.columns()) {
      arrays.add("CAST(? AS " + column.type().element() + "[])");
      names.add(column.name());
    }
    return arrays + names.toString();
  }

  /** A value of {@code n}, which has the column's type or one that is assigned to it as it is. */
  private static String value(Column column) {
    String value = "n." + column.name();
    return column.type() == ColumnType.OTHER
        ? "CAST(" + value + " AS " + column.typeName() + ")"
        : value;
  }

  private static String sameKey(TableSchema schema) {
    return schema.key().stream()
        .map(column -> "r." + column.name() + " = " + value(column))
        .collect(Collectors.joining(" AND "));
  }

  private static String assignments(
      TableSchema schema, Shape shape, Function<Column, String> value) {
    return shape.changed().stream()
        .map(i -> assignment(schema.columns().get(i), shape.op(i), value))
        .collect(Collectors.joining(", "));
  }

  private static String assignment(Column column, Op op, Function<Column, String> newValue) {
    String now = "r." + column.name();
    String change = newValue.apply(column);
    String value =
        switch (op) {
          case SET -> change;
          case ADD -> "COALESCE(" + now + ", 0) + " + change;
          case MIN -> "LEAST(" + now + ", " + change + ")";
          case MAX -> "GREATEST(" + now + ", " + change + ")";
          case IF_ABSENT -> "COALESCE(" + now + ", " + change + ")";
        };
    return column.name() + " = " + value;
  }

  private static int execute(Connection connection, String sql, Cells rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int column = 0; column < rows.columns().size(); column++) {
        String element = rows.columns().get(column).type().element();
        statement.setArray(
            column + 1, connection.createArrayOf(element, PostgresArrays.of(rows, column)));
      }
      return statement.executeUpdate();
    }
  }
}
