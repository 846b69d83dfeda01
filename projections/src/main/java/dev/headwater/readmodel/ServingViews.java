package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The views in the default schema by which analysts see the version of a projection that serves.
 * Called by whoever prepares, switches or drops versions, with a lock on the projection's versions.
 * One implementation a vendor; stateless.
 */
public interface ServingViews {
  /**
   * Makes the views have the columns of a version, and show the rows of the version that serves as
   * soon as {@code headwater.projection_version} says so.
   *
   * @param columns whose tables and columns the views have
   * @param others versions that may serve while the views are so
   * @throws ViewsInUseException if other views depend on what would vanish, or queries hold a view
   *     for too long; nothing has changed then, or the same call mends it
   * @throws ReadModelException if something that Headwater did not make has the name of a view
   */
  void show(Connection connection, VersionLayer columns, List<VersionLayer> others)
      throws SQLException;

  /** Whether the views have the tables and columns of a version already. */
  static boolean have(Connection connection, VersionLayer columns) throws SQLException {
    return PresentViews.read(connection, columns.projection())
        .show(SchemaColumns.read(connection, columns.schema()));
  }

  /**
   * Whether {@link #show} takes part in the connection's transaction. Where it does not, it
   * commits, and the views can show either of two versions.
   */
  boolean isTransactional();

  /** Those for a connection's database. */
  static ServingViews of(Connection connection) throws SQLException {
    return switch (Vendor.of(connection)) {
      case H2 -> new H2ServingViews();
      case POSTGRESQL -> new PostgresServingViews();
    };
  }
}
