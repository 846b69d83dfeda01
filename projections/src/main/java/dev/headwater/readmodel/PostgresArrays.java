package dev.headwater.readmodel;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns as arrays, in the classes that PostgreSQL's driver sends with the least work. */
final class PostgresArrays {
  /** ISO, but any year as PostgreSQL reads it: no sign, and the era behind. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NEVER)
          .appendPattern("-MM-dd")
          .toFormatter();

  private static final Map<Long, String> ERAS = Map.of(0L, " BC", 1L, "");
  private static final DateTimeFormatter DAY =
      new DateTimeFormatterBuilder().append(DATE).appendText(ChronoField.ERA, ERAS).toFormatter();
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DATE)
          .appendPattern("'T'HH:mm:ss.SSSSSS'Z'")
          .appendText(ChronoField.ERA, ERAS)
          .toFormatter()
          .withZone(ZoneOffset.UTC);

  private PostgresArrays() {}

  /** One column of all rows. */
  static @Nullable Object[] of(Cells rows, int column) {
    ColumnType type = rows.columns().get(column).type();
    @Nullable Object[] array =
        switch (type) {
          case INTEGER -> new Long[rows.rows()];
          case BYTES -> new byte[rows.rows()][];
          default -> new String[rows.rows()];
        };
    for (int row = 0; row < array.length; row++) {
      Object value = rows.cell().at(row, column);
      array[row] = value == null ? null : element(type, value);
    }
    return array;
  }

  private static Object element(ColumnType type, Object value) {
    return switch (type) {
      case INTEGER -> value instanceof BigDecimal number ? number.longValueExact() : value;
      case BYTES -> value;
      default -> text(value);
    };
  }

  private static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Instant time -> TIME.format(time);
      case LocalDate day -> DAY.format(day);
      default -> value.toString();
    };
  }
}
