package dev.headwater.readmodel;

import org.jspecify.annotations.Nullable;

/** A row of an append-only table that waits for the flush. */
final class PendingAppend implements NewRow {
  private final Table table;
  private final TableSchema schema;
  private final @Nullable Object[] values;

  PendingAppend(Table table, TableSchema schema) {
    this.table = table;
    this.schema = schema;
    this.values = new Object[table.columns().size()];
  }

  @Nullable Object[] values() {
    return values;
  }

  @Override
  public NewRow set(String column, @Nullable Object value) {
    int index = table.indexOf(column);
    Object normal = Values.normal(value);
    schema.require(index, Op.SET, normal);
    values[index] = normal;
    return this;
  }
}
