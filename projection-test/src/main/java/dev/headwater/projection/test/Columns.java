package dev.headwater.projection.test;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What columns of a row should hold; those that are not named do not matter.
 *
 * @param values by column; numbers are equal whatever their type and scale, times are {@link
 *     java.time.Instant}
 */
public record Columns(Map<String, @Nullable Object> values) {
  /** Copies the map. */
  public Columns {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * Names and values in turn: {@code columns("status", "OPEN", "leaves", 5)}.
   *
   * @throws IllegalArgumentException if they are not in turn, or a column is named twice
   */
  public static Columns columns(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (!(namesAndValues[i] instanceof String name) || i + 1 == namesAndValues.length) {
        throw new IllegalArgumentException(
            "expected names and values of columns in turn, was "
                + java.util.Arrays.toString(namesAndValues));
      }
      if (values.containsKey(name)) {
        throw new IllegalArgumentException("column " + name + " is named twice");
      }
      values.put(name, namesAndValues[i + 1]);
    }
    return new Columns(values);
  }
}
