package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the tables of two versions of a projection, which are in two schemas of one database.
 * Called by whoever compares versions.
 *
 * @param tables those that both have
 * @param onlyServing names that only the first schema has
 * @param onlyOther names that only the second schema has
 */
public record SchemaComparison(
    List<TableComparison> tables, List<String> onlyServing, List<String> onlyOther) {
  /** Copies the lists. */
  public SchemaComparison {
    tables = List.copyOf(tables);
    onlyServing = List.copyOf(onlyServing);
    onlyOther = List.copyOf(onlyOther);
  }

  /**
   * Reads both schemas in the connection's transaction, which must see one moment: see {@link
   * Snapshots}.
   *
   * @param declared the tables to compare, in the columns that they declare and both schemas have;
   *     others are only looked for
   * @param samples how many rows that differ are kept for each table
   */
  public static SchemaComparison of(
      Connection connection, List<Table> declared, String serving, String other, int samples)
      throws SQLException {
    SchemaColumns left = SchemaColumns.read(connection, serving);
    SchemaColumns right = SchemaColumns.read(connection, other);
    Vendor vendor = Vendor.of(connection);
    List<TableComparison> compared = new ArrayList<>();
    for (Table table : declared) {
      String stored = vendor.stored(table.name());
      if (!table.isQualified() && left.tables().containsKey(stored)) {
        List<String> common =
            table.allColumns().stream()
                .filter(column -> left.type(stored, vendor.stored(column)) != null)
                .toList();
        Set<String> retyped = new TreeSet<>();
        for (String column : common) {
          String name = vendor.stored(column);
          if (!Objects.equals(left.type(stored, name), right.type(stored, name))) {
            retyped.add(column);
          }
        }
        compared.add(
            compare(
                new RowComparison(
                    table.in(serving).name(),
                    table.in(other).name(),
                    key(connection, table, other, common),
                    common,
                    retyped),
                connection,
                table,
                samples,
                without(left.columns(stored), right.columns(stored)),
                without(right.columns(stored), left.columns(stored))));
      }
    }
    return new SchemaComparison(
        compared,
        without(left.tables().keySet(), right.tables().keySet()),
        without(right.tables().keySet(), left.tables().keySet()));
  }

  private static TableComparison compare(
      RowComparison rows,
      Connection connection,
      Table table,
      int samples,
      List<String> onlyServing,
      List<String> onlyOther)
      throws SQLException {
    TableFingerprint serving = rows.fingerprint(connection, rows.serving());
    TableFingerprint other = rows.fingerprint(connection, rows.other());
    boolean same = serving.equals(other);
    return new TableComparison(
        table.name(),
        serving,
        other,
        same ? 0 : rows.count(connection),
        same ? List.of() : rows.sample(connection, samples),
        onlyServing,
        onlyOther);
  }

  /** The declared key, or the table's primary key if rows are only appended; none if not common. */
  private static List<String> key(
      Connection connection, Table table, String schema, List<String> common) throws SQLException {
    List<String> key =
        table.isAppendOnly()
            ? TableSchema.primaryKey(connection, schema, table.name())
            : table.key();
    return isIn(common, key) ? key : List.of();
  }

  private static boolean isIn(List<String> columns, List<String> key) {
    Set<String> lower = new TreeSet<>();
    columns.forEach(column -> lower.add(column.toLowerCase(Locale.ROOT)));
    return key.stream().allMatch(column -> lower.contains(column.toLowerCase(Locale.ROOT)));
  }

  private static List<String> without(Iterable<String> names, Iterable<String> others) {
    Set<String> known = new TreeSet<>();
    others.forEach(known::add);
    List<String> left = new ArrayList<>();
    names.forEach(
        name -> {
          if (!known.contains(name)) {
            left.add(name.toLowerCase(Locale.ROOT));
          }
        });
    return left;
  }
}
