package dev.headwater.trading.feed;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The values of a line under the names of their columns. */
final class Row {
  private final Line line;
  private final List<String> columns;
  private final List<String> values;

  private Row(Line line, List<String> columns, List<String> values) {
    this.line = line;
    this.columns = columns;
    this.values = values;
  }

  /** Demands one value for each column. */
  static Row of(Line line, List<String> columns) {
    List<String> values = line.values();
    if (values.size() != columns.size()) {
      throw line.malformed(
          null, "has " + values.size() + " values where " + columns.size() + " are expected");
    }
    return new Row(line, columns, values);
  }

  /** Names the first values and leaves the others alone; there must be enough. */
  static Row beginningOf(Line line, List<String> columns) {
    return new Row(line, columns, line.values());
  }

  Line line() {
    return line;
  }

  /** The value; empty if there is none, or no such column. */
  String text(String column) {
    int index = columns.indexOf(column);
    return index < 0 ? "" : values.get(index);
  }

  boolean has(String column) {
    return !text(column).isEmpty();
  }

  String required(String column) {
    String text = text(column);
    if (text.isEmpty()) {
      throw malformed(column, "is empty");
    }
    return text;
  }

  /** The value as {@code parser} reads it; an {@link IllegalArgumentException} is its complaint. */
  <T> T parse(String column, Function<String, T> parser) {
    String text = required(column);
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw malformed(column, String.valueOf(e.getMessage()));
    }
  }

  /** The value as one of the constants, in lower or upper case. */
  <E extends Enum<E>> E oneOf(String column, E[] constants) {
    String text = required(column);
    for (E constant : constants) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw malformed(column, "'" + text + "' is none of " + names(constants));
  }

  private static String names(Enum<?>[] constants) {
    StringBuilder names = new StringBuilder();
    for (Enum<?> constant : constants) {
      names.append(names.isEmpty() ? "" : ", ").append(constant.name().toLowerCase(Locale.ROOT));
    }
    return names.toString();
  }

  MalformedLineException malformed(String column, String reason) {
    return line.malformed(column, reason);
  }
}
