package dev.headwater.readmodel;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;

/** Kinds of columns, as far as they hold different kinds of values. */
enum ColumnType {
  TEXT("text"),
  INTEGER("int8"),
  NUMBER("numeric"),
  BOOLEAN("bool"),
  TIME("timestamptz"),
  /** A time without a zone, which is another time on another machine. */
  LOCAL_TIME("timestamp"),
  DATE("date"),
  BYTES("bytea"),
  UUID("uuid"),
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
    ColumnType byName = byName(name.toLowerCase(Locale.ROOT));
    return byName != OTHER ? byName : byNumber(type);
  }

  private static ColumnType byName(String name) {
    return switch (name) {
      case "varchar", "text", "bpchar", "name" -> TEXT;
      case "bool" -> BOOLEAN;
      case "timestamptz" -> TIME;
      case "uuid" -> UUID;
      default -> name.startsWith("character") ? TEXT : OTHER;
    };
  }

  /** Not by VARCHAR: PostgreSQL's driver calls types of the user's own so. */
  private static ColumnType byNumber(int type) {
    return switch (type) {
      case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT -> INTEGER;
      case Types.NUMERIC, Types.DECIMAL, Types.DOUBLE, Types.REAL, Types.FLOAT -> NUMBER;
      case Types.BOOLEAN -> BOOLEAN;
      case Types.TIMESTAMP_WITH_TIMEZONE -> TIME;
      case Types.TIMESTAMP -> LOCAL_TIME;
      case Types.DATE -> DATE;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BYTES;
      default -> OTHER;
    };
  }

  /** Whether columns of this kind hold a value of {@link Values#normal}. */
  boolean holds(Object value) {
    return switch (this) {
      case TEXT -> value instanceof String;
      case INTEGER, NUMBER -> value instanceof Long || value instanceof BigDecimal;
      case BOOLEAN -> value instanceof Boolean;
      case TIME -> value instanceof Instant;
      case LOCAL_TIME -> false;
      case DATE -> value instanceof LocalDate;
      case BYTES -> value instanceof byte[];
      case UUID -> value instanceof java.util.UUID;
      case OTHER -> true;
    };
  }
}
