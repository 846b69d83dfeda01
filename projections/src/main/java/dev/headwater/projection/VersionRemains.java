package dev.headwater.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Deletes what is left of a version that is being dropped. */
final class VersionRemains {
  private VersionRemains() {}

  static void delete(Connection connection, ProjectionId version) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + version.schema() + " CASCADE");
    }
    new Checkpoints(version).delete(connection); // a runner may have opened it again in between
    LineageTable.clear(connection, version);
    VersionTable.delete(connection, version);
  }
}
