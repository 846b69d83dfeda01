package dev.headwater.readmodel;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Kinds of columns, as far as values are written to them in different ways. */
enum ColumnType {
  TEXT("text"),
  INTEGER("int8"),
  NUMBER("numeric"),
  BOOLEAN("bool"),
  TIME("timestamptz"),
  /** A type of which only the database knows how to read it from a value's text. */
  OTHER("text");

  private final String element;

  ColumnType(String element) {
    this.element = element;
  }

  /** PostgreSQL's type for the elements of an array of such values. */
  String element() {
    return element;
  }

  /** The kind of what JDBC calls {@code type} and the database {@code name}. */
  static ColumnType of(int type, String name) {
    return switch (type) {
      case Types.VARCHAR, Types.CHAR, Types.LONGVARCHAR, Types.CLOB, Types.NVARCHAR ->
          isEnum(name) ? OTHER : TEXT;
      case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT -> INTEGER;
      case Types.NUMERIC, Types.DECIMAL, Types.DOUBLE, Types.REAL, Types.FLOAT -> NUMBER;
      case Types.BOOLEAN -> BOOLEAN;
      case Types.BIT -> name.equals("bool") ? BOOLEAN : OTHER;
      case Types.TIMESTAMP_WITH_TIMEZONE -> TIME;
      case Types.TIMESTAMP -> name.equals("timestamptz") ? TIME : OTHER;
      default -> OTHER;
    };
  }

  /** PostgreSQL's driver calls a type of the user's own VARCHAR if it is an enumeration. */
  private static boolean isEnum(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "varchar", "text", "bpchar", "char", "name", "character varying", "character" -> false;
      default -> !name.toUpperCase(Locale.ROOT).startsWith("CHARACTER");
    };
  }

  /** The value as an element of an array of this kind. */
  @Nullable Object toElement(@Nullable Object value) {
    return switch (this) {
      case INTEGER -> value instanceof BigDecimal number ? number.longValueExact() : value;
      case NUMBER -> value instanceof Long number ? BigDecimal.valueOf(number) : value;
      case TIME -> value instanceof Instant ? Values.toJdbc(value) : value;
      case BOOLEAN -> value;
      case TEXT, OTHER -> value == null ? null : String.valueOf(value);
    };
  }
}
