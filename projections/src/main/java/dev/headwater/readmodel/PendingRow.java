package dev.headwater.readmodel;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one row since the last flush, merged to at most one operation a column. Handlers
 * hold it as their {@link Row}; after a flush it passes further changes to its successor.
 */
final class PendingRow implements Row {
  private final PendingTable table;
  private final long generation;
  final Object id;
  final Object[] key;
  final @Nullable Op[] ops;
  final @Nullable Object[] values;

  /** Whether the stored row is to be deleted first. */
  private boolean deleted;

  /** Whether the row exists after the changes; false if nothing was changed, or after a delete. */
  private boolean written;

  PendingRow(PendingTable table, long generation, Object id, Object[] key, int columns) {
    this.table = table;
    this.generation = generation;
    this.id = id;
    this.key = key;
    this.ops = new Op[columns];
    this.values = new Object[columns];
  }

  boolean deletes() {
    return deleted;
  }

  boolean writes() {
    return written;
  }

  long generation() {
    return generation;
  }

  /** Merges a change; false if it can't be, and has to wait until this row is flushed. */
  boolean merge(int column, Op op, @Nullable Object value) {
    Op before = ops[column];
    if (before == null) {
      // In a row made anew there is nothing to combine with.
      ops[column] = deleted ? Op.SET : op;
      values[column] = value;
    } else if (before.merges(op)) {
      values[column] = before.mergedValue(values[column], op, value);
      ops[column] = before.merged(op);
    } else {
      return false;
    }
    written = true;
    return true;
  }

  private PendingRow current() {
    return table.current(this);
  }

  @Override
  public Row set(String column, @Nullable Object value) {
    return table.change(this, column, Op.SET, value);
  }

  @Override
  public Row add(String column, Number amount) {
    return table.change(this, column, Op.ADD, amount);
  }

  @Override
  public Row min(String column, Number value) {
    return table.change(this, column, Op.MIN, value);
  }

  @Override
  public Row min(String column, Instant value) {
    return table.change(this, column, Op.MIN, value);
  }

  @Override
  public Row min(String column, LocalDate value) {
    return table.change(this, column, Op.MIN, value);
  }

  @Override
  public Row max(String column, Number value) {
    return table.change(this, column, Op.MAX, value);
  }

  @Override
  public Row max(String column, Instant value) {
    return table.change(this, column, Op.MAX, value);
  }

  @Override
  public Row max(String column, LocalDate value) {
    return table.change(this, column, Op.MAX, value);
  }

  @Override
  public Row setIfAbsent(String column, @Nullable Object value) {
    return value == null ? ensure() : table.change(this, column, Op.IF_ABSENT, value);
  }

  @Override
  public Row ensure() {
    current().written = true;
    table.touched(this);
    return this;
  }

  @Override
  public void delete() {
    PendingRow row = current();
    row.deleted = true;
    row.written = false;
    Arrays.fill(row.ops, null);
    Arrays.fill(row.values, null);
    table.touched(this);
  }
}
