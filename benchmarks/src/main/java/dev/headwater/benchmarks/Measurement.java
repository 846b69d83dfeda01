package dev.headwater.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One figure of a benchmark, printed as a line.
 *
 * @param work what was done, such as {@code append}
 * @param contestant who did it: {@code headwater…}, or {@code limit:…} for what it is measured
 *     against
 * @param values further fields in their order: text, or numbers, which are rounded for printing
 */
record Measurement(String work, String contestant, Map<String, Object> values) {
  Measurement(String work, String contestant) {
    this(work, contestant, Map.of());
  }

  /** The same with one more field. */
  Measurement with(String field, Object value) {
    if (value instanceof Double number && number.isNaN()) {
      return this; // not known
    }
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(field, value);
    return new Measurement(work, contestant, more);
  }

  /** A line for programs. */
  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("work", work);
    all.put("contestant", contestant);
    all.putAll(values);
    return all.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":" + json(e.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String json(Object value) {
    return value instanceof Number number ? shown(number) : "\"" + value + "\"";
  }

  /** A line for people. */
  String sentence() {
    return String.format(
        Locale.ROOT,
        "%-14s %-16s %s",
        work,
        contestant,
        values.entrySet().stream()
            .map(e -> e.getKey() + " " + words(e.getValue()))
            .collect(Collectors.joining(", ")));
  }

  private static String words(Object value) {
    return value instanceof Number number ? shown(number) : value.toString();
  }

  /** Three digits at least, and none after the point that means nothing. */
  private static String shown(Number number) {
    double value = number.doubleValue();
    if (number instanceof Integer || number instanceof Long || Math.abs(value) >= 100) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
  }
}
