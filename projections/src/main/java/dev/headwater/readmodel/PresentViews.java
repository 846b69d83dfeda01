package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is in the default schema before a projection's views are made there. */
final class PresentViews {
  private final String schema;
  private final String mark;
  private final SchemaColumns all;
  private final Set<String> mine;

  private PresentViews(String schema, String mark, SchemaColumns all, Set<String> mine) {
    this.schema = schema;
    this.mark = mark;
    this.all = all;
    this.mine = mine;
  }

  static PresentViews read(Connection connection, String projection) throws SQLException {
    String schema = connection.getSchema();
    String mark = "Headwater: the serving version of projection " + projection;
    Set<String> mine = new LinkedHashSet<>();
    DatabaseMetaData meta = connection.getMetaData();
    try (ResultSet views = meta.getTables(null, schema, "%", new String[] {"VIEW"})) {
      while (views.next()) {
        if (mark.equals(views.getString("REMARKS"))) {
          mine.add(views.getString("TABLE_NAME"));
        }
      }
    }
    return new PresentViews(schema, mark, SchemaColumns.read(connection, schema), mine);
  }

  /**
   * Whether a view of that name is there.
   *
   * @throws ReadModelException if something else has the name
   */
  boolean has(String view) {
    if (!mine.contains(view) && all.tables().containsKey(view)) {
      throw new ReadModelException(
          "schema "
              + schema
              + " has a table or view "
              + view
              + " that is none of the views of this projection ("
              + mark
              + "); rename it, so that analysts find the projection's table by that name");
    }
    return mine.contains(view);
  }

  /** Whether there is a view with the right columns for each table of a version, and no other. */
  boolean show(SchemaColumns version) {
    return mine.equals(version.tables().keySet())
        && mine.stream()
            .allMatch(view -> Set.copyOf(columns(view)).equals(Set.copyOf(version.columns(view))));
  }

  List<String> columns(String view) {
    return all.columns(view);
  }

  /** Those that a version does not have. */
  List<String> without(SchemaColumns version) {
    return mine.stream().filter(view -> !version.tables().containsKey(view)).toList();
  }

  /** The name in SQL. */
  String qualified(String view) {
    return quoted(schema) + "." + quoted(view);
  }

  /** Remembers that it is one of the projection's. */
  void mark(Statement statement, String view) throws SQLException {
    statement.execute("COMMENT ON VIEW " + qualified(view) + " IS '" + mark + "'");
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
