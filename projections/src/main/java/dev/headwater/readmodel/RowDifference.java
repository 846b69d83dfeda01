package dev.headwater.readmodel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row that is not the same in two versions of a table.
 *
 * @param key values of the key's columns; of all columns where the table has no key, together with
 *     {@code COUNT(*)}, the number of such rows
 * @param serving the columns that differ, as the version that serves has them; null if it does not
 *     have the row
 * @param other the same of the other version
 */
public record RowDifference(
    Map<String, @Nullable String> key,
    @Nullable Map<String, @Nullable String> serving,
    @Nullable Map<String, @Nullable String> other) {
  /** Copies the maps. */
  public RowDifference {
    key = copy(key);
    serving = serving == null ? null : copy(serving);
    other = other == null ? null : copy(other);
  }

  private static Map<String, @Nullable String> copy(Map<String, @Nullable String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
