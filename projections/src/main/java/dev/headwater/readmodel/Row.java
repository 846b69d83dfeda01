package dev.headwater.readmodel;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A row that a handler changes. Every change makes the row if it does not exist.
 *
 * <p>A change builds on the value that the column has when all earlier changes have been made; the
 * column of a new row is null, or has its default where the table gives one. Because merging must
 * not show, columns with a default can be {@code set}, and those with the default 0 added to; other
 * changes of them are refused.
 *
 * <p>Each method throws {@link IllegalArgumentException} if the table has no such column, or the
 * value does not suit the change; null suits {@code set} and {@code setIfAbsent} only.
 */
public interface Row {
  /** The column has this value. */
  Row set(String column, @Nullable Object value);

  /** The column grows by an amount; null counts as 0. */
  Row add(String column, Number amount);

  /** The column has this number if it had none or a greater one. */
  Row min(String column, Number value);

  /** The column has this time if it had none or a later one. */
  Row min(String column, Instant value);

  /** The column has this day if it had none or a later one. */
  Row min(String column, LocalDate value);

  /** The column has this number if it had none or a smaller one. */
  Row max(String column, Number value);

  /** The column has this time if it had none or an earlier one. */
  Row max(String column, Instant value);

  /** The column has this day if it had none or an earlier one. */
  Row max(String column, LocalDate value);

  /** The column has this value if it was null: the first one is kept. Null changes nothing. */
  Row setIfAbsent(String column, @Nullable Object value);

  /** The row exists; for tables where that says it all. */
  Row ensure();

  /** The row does not exist. Changes that follow make a new one. */
  void delete();
}
