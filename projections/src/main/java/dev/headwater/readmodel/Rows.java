package dev.headwater.readmodel;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The read model as an event handler sees it. Changes take effect in the order in which they are
 * made, in one transaction with the projection's checkpoint; those of one row are merged in memory,
 * so that a row is written once a batch however often it was changed.
 *
 * <p>Values are {@link String}, {@link Integer}, {@link Long}, {@link java.math.BigDecimal}, {@link
 * Boolean}, {@link java.time.Instant} (to the microsecond), {@link java.time.LocalDate}, {@link
 * java.util.UUID} and {@code byte[]} (which can't be a key); the column's type must be one for such
 * values. Not thread-safe; of use only while the handler runs.
 */
public interface Rows {
  /**
   * The row with a key, which need not exist: the first change makes it.
   *
   * @param key one value for each key column of the table, none of them null
   * @throws IllegalArgumentException if the table is not one of the projection's, is append-only,
   *     or the key does not fit
   */
  Row at(Table table, @Nullable Object... key);

  /**
   * Adds a row to an append-only table; columns that are not set are null. Rows are inserted in the
   * order of the events.
   *
   * @throws IllegalArgumentException if the table is not one of the projection's, or has a key
   */
  NewRow append(Table table);

  /**
   * The name of a table for SQL of your own: with the schema of the projection's version where it
   * has one.
   *
   * @throws IllegalArgumentException if the table is not one of the projection's
   */
  String sqlName(Table table);

  /**
   * Runs SQL of your own in the same transaction, after everything that was changed so far has been
   * written. This ends a batch's merging, so it costs speed. Tables are named by {@link #sqlName}.
   */
  void jdbc(SqlWork work) throws SQLException;
}
