package dev.headwater.readmodel;

import static dev.headwater.readmodel.PresentViews.quoted;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * H2: changing a view commits, so several views can't be changed at once. Where two versions may
 * serve, each view therefore takes the rows of both, each on the condition that the version serves;
 * one row that changes in a transaction then switches them all. While a view is replaced, a query
 * of it may fail with an error of H2's; none sees a mixture.
 */
final class H2ServingViews implements ServingViews {
  private static final int DEPENDS = 90107;

  @Override
  public boolean isTransactional() {
    return false;
  }

  @Override
  public void show(Connection connection, VersionLayer columns, List<VersionLayer> others)
      throws SQLException {
    PresentViews present = PresentViews.read(connection, columns.projection());
    List<VersionLayer> layers = new ArrayList<>(others);
    layers.add(columns);
    // So that a switch back, which needs the same views, leaves them alone.
    layers.sort(Comparator.comparingInt(VersionLayer::version));
    List<SchemaColumns> schemas = new ArrayList<>();
    for (VersionLayer layer : layers) {
      schemas.add(SchemaColumns.read(connection, layer.schema()));
    }
    SchemaColumns shown = SchemaColumns.read(connection, columns.schema());
    try (Statement statement = connection.createStatement()) {
      for (String view : shown.tables().keySet()) {
        String definition = definition(view, shown, layers, schemas);
        if (!present.has(view, definition)) {
          statement.execute(
              "CREATE OR REPLACE VIEW " + present.qualified(view) + " AS " + definition);
          present.mark(statement, view, definition);
        }
      }
      for (String view : present.without(shown)) {
        drop(statement, present.qualified(view));
      }
    }
  }

  private static void drop(Statement statement, String view) throws SQLException {
    try {
      statement.execute("DROP VIEW " + view);
    } catch (SQLException e) {
      if (e.getErrorCode() == DEPENDS) {
        throw ViewsInUseException.byViews(
            "view "
                + view
                + " is not in the version that is to serve, but others depend on it; drop these"
                + " first: "
                + e.getMessage());
      }
      throw e;
    }
  }

  private static String definition(
      String view, SchemaColumns shown, List<VersionLayer> layers, List<SchemaColumns> schemas) {
    if (layers.size() == 1) {
      return "SELECT " + list(view, shown, shown) + from(layers.getFirst(), view);
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      VersionLayer layer = layers.get(i);
      if (schemas.get(i).tables().containsKey(view)) {
        // Joined, because H2 reads tables in a view's FROM as of one moment for a whole statement,
        // but those in a subquery of its conditions as of when it comes to them.
        parts.add(
            "SELECT "
                + list(view, shown, schemas.get(i))
                + from(layer, view)
                + " JOIN headwater.projection_version s ON s.projection = '"
                + layer.projection()
                + "' AND s.version = "
                + layer.version()
                + " AND s.state = 'serving'");
      }
    }
    return String.join(" UNION ALL ", parts);
  }

  private static String from(VersionLayer layer, String table) {
    return " FROM " + layer.schema() + "." + quoted(table) + " t";
  }

  /** The shown columns, null where a version has none of that name and type. */
  private static String list(String table, SchemaColumns shown, SchemaColumns version) {
    return shown.columns(table).stream()
        .map(
            column -> {
              @Nullable String type = version.type(table, column);
              boolean fits = type != null && type.equals(shown.type(table, column));
              return (fits ? "t." + quoted(column) : "NULL") + " AS " + quoted(column);
            })
        .collect(Collectors.joining(", "));
  }
}
