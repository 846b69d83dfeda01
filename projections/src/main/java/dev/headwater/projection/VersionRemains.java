package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Deletes what is left of a version that is being dropped. */
final class VersionRemains {
  /** Tables with rows of a version besides its checkpoints; decisions of people are kept. */
  private static final List<String> TABLES =
      List.of("runner_projection", "projection_lease", "parked_event", "parked_aggregate");

  private VersionRemains() {}

  static void delete(Connection connection, ProjectionId version) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + version.schema() + " CASCADE");
    }
    for (String table : TABLES) {
      String sql = "DELETE FROM " + SCHEMA + "." + table + " WHERE projection = ? AND version = ?";
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        delete.setString(1, version.name());
        delete.setInt(2, version.version());
        delete.executeUpdate();
      }
    }
    new Checkpoints(version).delete(connection); // a runner may have opened it again in between
    LineageTable.clear(connection, version);
    new ParkedStreams(version).clear(connection);
    VersionTable.delete(connection, version);
  }
}
