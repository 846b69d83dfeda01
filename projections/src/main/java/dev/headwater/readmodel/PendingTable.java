package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The changes of one table since the last flush. */
final class PendingTable {
  private final Table table;
  private final TableSchema schema;
  private final RowBatch batch;
  private final Map<Object, PendingRow> rows = new HashMap<>();
  private final List<PendingAppend> appended = new ArrayList<>();
  private long generation;

  PendingTable(Table table, TableSchema schema, RowBatch batch) {
    this.table = table;
    this.schema = schema;
    this.batch = batch;
  }

  Table table() {
    return table;
  }

  String sqlName() {
    return schema.sqlName();
  }

  PendingRow at(@Nullable Object[] key) {
    if (key.length != table.key().size() || key.length == 0) {
      throw new IllegalArgumentException(
          table.isAppendOnly()
              ? "table " + table.name() + " is append-only and has no key"
              : "key of table " + table.name() + " is " + table.key() + ", was: " + show(key));
    }
    Object[] normal = new Object[key.length];
    for (int i = 0; i < key.length; i++) {
      Object value = Values.normalKey(key[i]);
      if (value == null) {
        throw new IllegalArgumentException(
            "key column " + table.key().get(i) + " of table " + table.name() + " can't be null");
      }
      schema.requireKey(i, value);
      normal[i] = value;
    }
    return at(normal.length == 1 ? normal[0] : Arrays.asList(normal), normal);
  }

  private PendingRow at(Object id, Object[] key) {
    PendingRow row = rows.get(id);
    if (row == null) {
      row = new PendingRow(this, generation, id, key, table.columns().size());
      rows.put(id, row);
    }
    return row;
  }

  /** Where the changes of a row go now; another object once it was flushed. */
  PendingRow current(PendingRow row) {
    return row.generation() == generation ? row : at(row.id, row.key);
  }

  PendingRow change(PendingRow row, String column, Op op, @Nullable Object value) {
    int index = table.indexOf(column);
    Object normal = Values.normal(value);
    schema.require(index, op, normal);
    if (!current(row).merge(index, op, normal)) {
      batch.flushUnchecked();
      current(row).merge(index, op, normal);
    }
    touched(row);
    return row;
  }

  /** An event changes, makes or deletes a row. */
  void touched(PendingRow row) {
    batch.touched(table, row);
  }

  NewRow append() {
    if (!table.isAppendOnly()) {
      throw new IllegalArgumentException(
          "table " + table.name() + " is not append-only; use rows.at(table, key)");
    }
    PendingAppend row = new PendingAppend(table, schema);
    appended.add(row);
    return row;
  }

  /** Writes everything that is pending: appended rows in order, others in the order of keys. */
  void flush(Connection connection, Dialect dialect) throws SQLException {
    generation++;
    if (!appended.isEmpty()) {
      dialect.insert(connection, schema, Cells.appended(schema, appended));
      appended.clear();
    }
    if (!rows.isEmpty()) {
      List<PendingRow> sorted = new ArrayList<>(rows.values());
      rows.clear();
      sorted.sort((a, b) -> compare(a.key, b.key));
      List<PendingRow> deleted = only(sorted, PendingRow::deletes);
      if (!deleted.isEmpty()) {
        dialect.delete(connection, schema, Cells.keys(schema, deleted));
      }
      for (Shape shape : shapes(only(deleted, PendingRow::writes))) {
        dialect.insert(connection, schema, Cells.changes(schema, shape));
      }
      for (Shape shape : shapes(only(sorted, row -> !row.deletes() && row.writes()))) {
        dialect.upsert(connection, schema, shape);
      }
    }
  }

  private static List<PendingRow> only(List<PendingRow> rows, Predicate<PendingRow> predicate) {
    return rows.stream().filter(predicate).toList();
  }

  private static List<Shape> shapes(List<PendingRow> rows) {
    Map<List<@Nullable Op>, List<PendingRow>> byOps = new LinkedHashMap<>();
    for (PendingRow row : rows) {
      byOps.computeIfAbsent(Arrays.asList(row.ops), ops -> new ArrayList<>()).add(row);
    }
    List<Shape> shapes = new ArrayList<>();
    byOps.forEach((ops, group) -> shapes.add(new Shape(ops, group)));
    return shapes;
  }

  private static int compare(Object[] a, Object[] b) {
    for (int i = 0; i < a.length; i++) {
      int order = Values.compare(a[i], b[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static String show(@Nullable Object[] key) {
    return Arrays.stream(key).map(Values::show).toList().toString();
  }
}
