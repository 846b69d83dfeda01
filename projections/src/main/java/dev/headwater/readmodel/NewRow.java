package dev.headwater.readmodel;

import org.jspecify.annotations.Nullable;

/** A row that is being appended. */
public interface NewRow {
  /**
   * Gives a column its value.
   *
   * @throws IllegalArgumentException if the table has no such column, or the value is of no
   *     supported type
   */
  NewRow set(String column, @Nullable Object value);
}
