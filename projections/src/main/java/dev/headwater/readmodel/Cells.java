package dev.headwater.readmodel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values to write: for each row one value for each of the columns. */
record Cells(List<Column> columns, int rows, Cell cell) {
  /** A value, by its place. */
  @FunctionalInterface
  interface Cell {
    @Nullable Object at(int row, int column);
  }

  List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /** The keys of rows. */
  static Cells keys(TableSchema schema, List<PendingRow> rows) {
    return new Cells(schema.key(), rows.size(), (row, column) -> rows.get(row).key[column]);
  }

  /** Keys and changed columns, in this order. */
  static Cells changes(TableSchema schema, Shape shape) {
    List<Column> columns = new ArrayList<>(schema.key());
    List<Integer> changed = shape.changed();
    changed.forEach(index -> columns.add(schema.columns().get(index)));
    int keys = schema.key().size();
    List<PendingRow> rows = shape.rows();
    return new Cells(
        columns,
        rows.size(),
        (row, column) ->
            column < keys
                ? rows.get(row).key[column]
                : rows.get(row).values[changed.get(column - keys)]);
  }

  /** All columns of appended rows. */
  static Cells appended(TableSchema schema, List<PendingAppend> rows) {
    return new Cells(
        schema.columns(), rows.size(), (row, column) -> rows.get(row).values()[column]);
  }
}
