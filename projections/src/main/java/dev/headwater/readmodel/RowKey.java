package dev.headwater.readmodel;

import java.math.BigDecimal;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** How the key of a row is written in {@code headwater.lineage}. Thread-safe. */
public final class RowKey {
  private RowKey() {}

  /**
   * The values of the key columns, in the order in which the table declares them, as a JSON array
   * without blanks: {@code ["o-1"]}, {@code ["AAPL",60]}. Numbers and booleans are such in JSON,
   * everything else is a string: times as {@code 2026-01-05T14:30:00Z}.
   *
   * @throws IllegalArgumentException if a value can't be part of a key
   */
  public static String text(@Nullable Object... key) {
    StringJoiner values = new StringJoiner(",", "[", "]");
    for (Object value : key) {
      values.add(json(Values.normalKey(value)));
    }
    return values.toString();
  }

  private static String json(@Nullable Object value) {
    return switch (value) {
      case null -> throw new IllegalArgumentException("a key column can't be null");
      case Long number -> number.toString();
      case BigDecimal number -> number.toPlainString();
      case Boolean flag -> flag.toString();
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
