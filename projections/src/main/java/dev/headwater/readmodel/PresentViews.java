package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is in the default schema before a projection's views are made there. */
final class PresentViews {
  private final String schema;
  private final String mark;
  private final SchemaColumns all;
  private final Map<String, String> mine;

  private PresentViews(String schema, String mark, SchemaColumns all, Map<String, String> mine) {
    this.schema = schema;
    this.mark = mark;
    this.all = all;
    this.mine = mine;
  }

  static PresentViews read(Connection connection, String projection) throws SQLException {
    String schema = connection.getSchema();
    String mark = "Headwater: the serving version of projection " + projection;
    Map<String, String> mine = new TreeMap<>();
    DatabaseMetaData meta = connection.getMetaData();
    try (ResultSet views = meta.getTables(null, schema, "%", new String[] {"VIEW"})) {
      while (views.next()) {
        String remarks = String.valueOf(views.getString("REMARKS"));
        if (remarks.equals(mark) || remarks.startsWith(mark + " ")) {
          mine.put(views.getString("TABLE_NAME"), remarks);
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
    if (!mine.containsKey(view) && all.tables().containsKey(view)) {
      throw new ReadModelException(
          "schema "
              + schema
              + " has a table or view "
              + view
              + " that is none of the views of this projection ("
              + mark
              + "); rename it, so that analysts find the projection's table by that name");
    }
    return mine.containsKey(view);
  }

  /** Whether there is a view with the right columns for each table of a version, and no other. */
  boolean show(SchemaColumns version) {
    return mine.keySet().equals(version.tables().keySet())
        && mine.keySet().stream()
            .allMatch(view -> Set.copyOf(columns(view)).equals(Set.copyOf(version.columns(view))));
  }

  List<String> columns(String view) {
    return all.columns(view);
  }

  /** Those that a version does not have. */
  List<String> without(SchemaColumns version) {
    return mine.keySet().stream().filter(view -> !version.tables().containsKey(view)).toList();
  }

  /** The name in SQL. */
  String qualified(String view) {
    return quoted(schema) + "." + quoted(view);
  }

  /** Remembers that it is one of the projection's. */
  void mark(Statement statement, String view) throws SQLException {
    comment(statement, view, mark);
  }

  /** Remembers its definition, too. */
  void mark(Statement statement, String view, String definition) throws SQLException {
    comment(statement, view, marked(definition));
  }

  /** Whether it was marked with that definition. */
  boolean has(String view, String definition) {
    return has(view) && marked(definition).equals(mine.get(view));
  }

  private String marked(String definition) {
    return mark + " (" + Integer.toHexString(definition.hashCode()) + ")";
  }

  private void comment(Statement statement, String view, String text) throws SQLException {
    statement.execute("COMMENT ON VIEW " + qualified(view) + " IS '" + text + "'");
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
