package dev.headwater.projection.test;

import java.util.List;

/**
 * Which row of a table is meant.
 *
 * @param values one for each key column, in the order in which the table declares them
 */
public record Key(List<Object> values) {
  /** Copies the list. */
  public Key {
    values = List.copyOf(values);
  }

  /** A key of these values. */
  public static Key key(Object... values) {
    return new Key(List.of(values));
  }

  /** {@code [AAPL, o-1]}. */
  @Override
  public String toString() {
    return values.toString();
  }
}
