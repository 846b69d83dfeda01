package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.readmodel.ReadModel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The rows of {@code headwater.lineage}, which {@link ReadModel} writes. */
final class LineageTable {
  static final String TABLE = SCHEMA + ".lineage";

  private LineageTable() {}

  /** The tables of a projection, checked; changes of them leave a lineage if it wants that. */
  static ReadModel readModel(Connection connection, Projection projection) throws SQLException {
    ReadModel plain =
        ReadModel.check(connection, VersionSchema.of(projection), projection.tables());
    return projection.lineage()
        ? plain.traced(connection, projection.name(), projection.version())
        : plain;
  }

  /** Forgets the lineage of a version's rows, which are gone. Reads the whole table. */
  static void clear(Connection connection, ProjectionId projection) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM " + TABLE + " WHERE projection = ? AND version = ?")) {
      delete.setString(1, projection.name());
      delete.setInt(2, projection.version());
      delete.executeUpdate();
    }
  }
}
