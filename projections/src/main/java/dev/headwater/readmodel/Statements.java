package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The batched statements that every vendor understands. */
final class Statements {
  private Statements() {}

  /** Binds the values of one row, in order. */
  static final class Binder {
    private final PreparedStatement statement;
    private int next = 1;

    private Binder(PreparedStatement statement) {
      this.statement = statement;
    }

    void one(@Nullable Object value) throws SQLException {
      statement.setObject(next++, Values.toJdbc(value));
    }

    void all(@Nullable Object[] values) throws SQLException {
      for (Object value : values) {
        one(value);
      }
    }

    void changed(PendingRow row, List<Integer> columns) throws SQLException {
      for (int column : columns) {
        one(row.values[column]);
      }
    }
  }

  /** Binds a row. */
  @FunctionalInterface
  interface Binding<T> {
    void bind(T row, Binder binder) throws SQLException;
  }

  /** Runs one statement for each row, as a batch; the number of rows that each changed. */
  static <T> int[] batch(Connection connection, String sql, List<T> rows, Binding<T> binding)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Binder binder = new Binder(statement);
      for (T row : rows) {
        binder.next = 1;
        binding.bind(row, binder);
        statement.addBatch();
      }
      return statement.executeBatch();
    }
  }

  static void delete(Connection connection, Table table, List<PendingRow> rows)
      throws SQLException {
    if (!rows.isEmpty()) {
      String sql = "DELETE FROM " + table.name() + " WHERE " + whereKey(table);
      batch(connection, sql, rows, (row, bind) -> bind.all(row.key));
    }
  }

  /** Inserts rows that do not exist. */
  static void insert(Connection connection, Table table, Shape shape) throws SQLException {
    List<Integer> changed = shape.changed();
    List<String> columns =
        Stream.concat(
                table.key().stream(), changed.stream().map(column -> table.columns().get(column)))
            .toList();
    insert(
        connection,
        table,
        columns,
        shape.rows(),
        (row, bind) -> {
          bind.all(row.key);
          bind.changed(row, changed);
        });
  }

  static <T> void insert(
      Connection connection, Table table, List<String> columns, List<T> rows, Binding<T> binding)
      throws SQLException {
    String places = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
    String sql =
        "INSERT INTO "
            + table.name()
            + " ("
            + String.join(", ", columns)
            + ") VALUES ("
            + places
            + ")";
    batch(connection, sql, rows, binding);
  }

  static String whereKey(Table table) {
    return table.key().stream().map(column -> column + " = ?").collect(Collectors.joining(" AND "));
  }
}
