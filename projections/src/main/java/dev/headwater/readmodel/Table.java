package dev.headwater.readmodel;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table of a read model, as a projection declares it. The table itself is made by a migration;
 * columns that are not declared here are left alone.
 *
 * <pre>{@code
 * Table BALANCE = Table.named("account_balance").key("account").columns("balance", "updated_at");
 * Table LEDGER = Table.appendOnly("ledger").columns("account", "amount", "booked_at");
 * }</pre>
 *
 * @param name unquoted, as are the columns: a letter or underscore followed by letters, digits and
 *     underscores, at most 63 characters. A schema and a point may stand before it; without, the
 *     table is in the schema of the projection's version or else in the connection's default schema
 * @param key the columns that identify a row; the table has a primary key or unique index on them.
 *     None: rows are only ever appended
 * @param columns the other columns
 */
public record Table(String name, List<String> key, List<String> columns) {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

  /** Validates the names and copies the lists. */
  public Table {
    int point = name.indexOf('.');
    if (point >= 0) {
      requireIdentifier("schema of table " + name, name.substring(0, point));
    }
    requireIdentifier("table name", name.substring(point + 1));
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    Set<String> seen = new HashSet<>();
    for (String column : Stream.concat(key.stream(), columns.stream()).toList()) {
      requireIdentifier("column of table " + name, column);
      if (!seen.add(column.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("table " + name + " has column " + column + " twice");
      }
    }
    if (seen.isEmpty()) {
      throw new IllegalArgumentException("table " + name + " has no columns");
    }
  }

  /** Whether the name says the schema. */
  public boolean isQualified() {
    return name.indexOf('.') >= 0;
  }

  /** The same table in a schema, where its name does not say another one. */
  public Table in(@Nullable String schema) {
    return schema == null || isQualified() ? this : new Table(schema + "." + name, key, columns);
  }

  /** Starts a table whose rows are found by a key. */
  public static Named named(String name) {
    return new Named(name);
  }

  /** Starts a table to which rows are only appended. */
  public static Keyed appendOnly(String name) {
    return new Keyed(name, List.of());
  }

  /** Whether rows are only appended. */
  public boolean isAppendOnly() {
    return key.isEmpty();
  }

  /** Key and other columns. */
  public List<String> allColumns() {
    return Stream.concat(key.stream(), columns.stream()).toList();
  }

  /**
   * Place of a column among {@link #columns}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  int indexOf(String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException(
          "table "
              + name
              + " has no column '"
              + column
              + "' to change; it declares key "
              + key
              + " and columns "
              + columns);
    }
    return index;
  }

  private static void requireIdentifier(String what, String name) {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " must be a letter or '_' followed by up to 62 letters, digits or '_', was: '"
              + name
              + "'");
    }
  }

  /** A table's name, waiting for its key. */
  public record Named(String name) {
    /** The columns that identify a row, at least one. */
    public Keyed key(String... columns) {
      if (columns.length == 0) {
        throw new IllegalArgumentException(
            "table " + name + " needs a key; Table.appendOnly has none");
      }
      return new Keyed(name, List.of(columns));
    }
  }

  /** A table's name and key, waiting for the other columns. */
  public record Keyed(String name, List<String> key) {
    /** Copies the list. */
    public Keyed {
      key = List.copyOf(key);
    }

    /** The columns that handlers change; none if the existence of a row says it all. */
    public Table columns(String... columns) {
      return new Table(name, key, List.of(columns));
    }
  }
}
