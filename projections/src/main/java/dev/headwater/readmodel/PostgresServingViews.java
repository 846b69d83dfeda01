package dev.headwater.readmodel;

import static dev.headwater.readmodel.PresentViews.quoted;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * PostgreSQL: views change in the transaction that switches. A view is replaced where its columns
 * stay (more may come), so that privileges and views of analysts' own on it stay too; otherwise it
 * is made anew with the same privileges.
 */
final class PostgresServingViews implements ServingViews {
  private static final String OTHER_COLUMNS = "42P16";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Shorter than the server waits before it looks for deadlocks, which would end a query. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '400ms'";

  @Override
  public boolean isTransactional() {
    return true;
  }

  @Override
  public void show(Connection connection, VersionLayer columns, List<VersionLayer> others)
      throws SQLException {
    PresentViews present = PresentViews.read(connection, columns.projection());
    SchemaColumns shown = SchemaColumns.read(connection, columns.schema());
    try (Statement statement = connection.createStatement()) {
      statement.execute(PATIENCE);
      for (String view : shown.tables().keySet()) {
        String qualified = present.qualified(view);
        String definition = definition(columns, view, ordered(present, shown, view));
        if (!present.has(view)) {
          statement.execute("CREATE VIEW " + qualified + definition);
          present.mark(statement, view);
        } else if (!replaces(connection, statement, qualified, definition)) {
          List<String> grants = grants(connection, qualified);
          drop(connection, statement, qualified);
          statement.execute(
              "CREATE VIEW " + qualified + definition(columns, view, shown.columns(view)));
          present.mark(statement, view);
          for (String grant : grants) {
            statement.execute(grant);
          }
        }
      }
      for (String view : present.without(shown)) {
        drop(connection, statement, present.qualified(view));
      }
      statement.execute("SET LOCAL lock_timeout = DEFAULT");
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw ViewsInUseException.byQueries(
            "queries hold the views of projection " + columns.projection() + " for too long");
      }
      throw e;
    }
  }

  /** The columns that the view has first, so that it can be replaced. */
  private static List<String> ordered(PresentViews present, SchemaColumns shown, String view) {
    Set<String> ordered = new LinkedHashSet<>(present.columns(view));
    ordered.retainAll(shown.columns(view));
    ordered.addAll(shown.columns(view));
    return List.copyOf(ordered);
  }

  private static String definition(VersionLayer layer, String table, List<String> columns) {
    return columns.stream()
        .map(PresentViews::quoted)
        .collect(
            Collectors.joining(
                ", ", " AS SELECT ", " FROM " + quoted(layer.schema()) + "." + quoted(table)));
  }

  private static boolean replaces(
      Connection connection, Statement statement, String view, String definition)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      statement.execute("CREATE OR REPLACE VIEW " + view + definition);
      connection.releaseSavepoint(before);
      return true;
    } catch (SQLException e) {
      if (!OTHER_COLUMNS.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      return false;
    }
  }

  private static void drop(Connection connection, Statement statement, String view)
      throws SQLException {
    List<String> dependents = dependents(connection, view);
    if (!dependents.isEmpty()) {
      throw ViewsInUseException.byViews(
          "view "
              + view
              + " loses columns or changes their types, but others depend on it: "
              + String.join(", ", dependents)
              + "; drop these, switch, and make them again");
    }
    statement.execute("DROP VIEW " + view);
  }

  private static List<String> dependents(Connection connection, String view) throws SQLException {
    return list(
        connection,
        "SELECT DISTINCT r.ev_class::regclass::text FROM pg_depend d"
            + " JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass"
            + " WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::regclass"
            + " AND r.ev_class <> d.refobjid ORDER BY 1",
        view);
  }

  /** Statements that give the view's privileges again. */
  private static List<String> grants(Connection connection, String view) throws SQLException {
    return list(
        connection,
        "SELECT 'GRANT ' || a.privilege_type || ' ON ' || c.oid::regclass || ' TO '"
            + " || CASE a.grantee WHEN 0 THEN 'PUBLIC'"
            + " ELSE quote_ident(pg_get_userbyid(a.grantee)) END"
            + " || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END"
            + " FROM pg_class c, aclexplode(c.relacl) a"
            + " WHERE c.oid = ?::regclass AND a.grantee <> c.relowner",
        view);
  }

  private static List<String> list(Connection connection, String sql, String view)
      throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, view);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(Objects.requireNonNull(rows.getString(1)));
        }
      }
    }
    return found;
  }
}
