package dev.headwater.readmodel;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The values that columns hold, in one form for each kind so that equal values are equal. */
final class Values {
  private Values() {}

  /** The one form of a value: integers as long, times to the microsecond. */
  static @Nullable Object normal(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Long number -> number;
      case BigDecimal number -> number;
      case Integer number -> number.longValue();
      case Instant time -> time.truncatedTo(ChronoUnit.MICROS);
      case Boolean flag -> flag;
      case LocalDate day -> day;
      case UUID id -> id;
      case byte[] bytes -> bytes.clone();
      default ->
          throw new IllegalArgumentException(
              "values of "
                  + value.getClass().getName()
                  + " are not supported; use String, Integer, Long, BigDecimal, Boolean, Instant,"
                  + " LocalDate, UUID or byte[]");
    };
  }

  /**
   * The one form of a key: also, 1, 1.0 and 1.00 are the same.
   *
   * @throws IllegalArgumentException if values of its type are not supported as keys, or it has
   *     half a character
   */
  static @Nullable Object normalKey(@Nullable Object value) {
    if (value instanceof byte[]) {
      throw new IllegalArgumentException("byte[] is not supported as a key; use its text");
    }
    if (value instanceof BigDecimal number) {
      BigDecimal stripped = number.stripTrailingZeros();
      boolean fits = stripped.scale() <= 0 && stripped.precision() - stripped.scale() <= 18;
      return fits ? (Object) stripped.longValueExact() : stripped;
    }
    if (value instanceof String text) {
      requireWholeCharacters(text);
    }
    return normal(value);
  }

  /** Databases write half a surrogate pair as '?', so that different keys would be the same. */
  private static void requireWholeCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean whole =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!whole) {
          throw new IllegalArgumentException(
              "a key can't have half a surrogate pair, as " + show(text) + " has at " + i);
        }
        i++;
      }
    }
  }

  /** What JDBC is given: drivers agree on OffsetDateTime, not on Instant. */
  static @Nullable Object toJdbc(@Nullable Object value) {
    return value instanceof Instant time ? OffsetDateTime.ofInstant(time, ZoneOffset.UTC) : value;
  }

  /** Natural order; values of different classes, which no column mixes, by class. */
  @SuppressWarnings("unchecked")
  static int compare(Object a, Object b) {
    return a.getClass() == b.getClass()
        ? ((Comparable<Object>) a).compareTo(b)
        : a.getClass().getName().compareTo(b.getClass().getName());
  }

  /** For messages. */
  static String show(@Nullable Object value) {
    return switch (value) {
      case String text -> "'" + text + "'";
      case byte[] bytes -> bytes.length + " bytes";
      case null, default -> String.valueOf(value);
    };
  }
}
