package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The leases of one projection, as one instance takes and gives them. A lease lasts as long as its
 * owner is seen; see {@link InstanceTable}.
 */
final class Leases {
  static final String TABLE = SCHEMA + ".projection_lease";
  private static final String WHERE =
      " WHERE projection = ? AND version = ? AND partition_no = ? AND token = ?";

  private final ProjectionId projection;
  private final String instance;

  Leases(ProjectionId projection, String instance) {
    this.projection = projection;
    this.instance = instance;
  }

  /**
   * Takes leases that nobody has changed since they were seen, under a token higher by one.
   *
   * @return those that it got, as they are now
   */
  List<Lease> take(Connection connection, List<Lease> seen) throws SQLException {
    String sql =
        "UPDATE " + TABLE + " SET owner = ?, token = token + 1, taken_at = CURRENT_TIMESTAMP";
    List<Lease> taken = new ArrayList<>();
    try (PreparedStatement update = connection.prepareStatement(sql + WHERE)) {
      for (Lease lease : seen) {
        update.setString(1, instance);
        bind(update, 2, lease);
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] > 0) {
          Lease was = seen.get(i);
          taken.add(new Lease(was.partition(), instance, true, was.token() + 1));
        }
      }
    }
    return taken;
  }

  /** Gives leases back, unless somebody else has taken them. */
  void give(Connection connection, List<Lease> leases) throws SQLException {
    String sql = "UPDATE " + TABLE + " SET owner = NULL";
    try (PreparedStatement update = connection.prepareStatement(sql + WHERE)) {
      for (Lease lease : leases) {
        bind(update, 1, lease);
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /** Takes all leases from whoever has them, and leaves them to be taken. */
  void revoke(Connection connection) throws SQLException {
    String sql =
        "UPDATE "
            + TABLE
            + " SET owner = NULL, token = token + 1 WHERE projection = ? AND version = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, projection.name());
      update.setInt(2, projection.version());
      update.executeUpdate();
    }
  }

  /** Removes all leases of a version that nobody is to run any more. */
  static void delete(Connection connection, ProjectionId version) throws SQLException {
    String sql = "DELETE FROM " + TABLE + " WHERE projection = ? AND version = ?";
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setString(1, version.name());
      delete.setInt(2, version.version());
      delete.executeUpdate();
    }
  }

  private void bind(PreparedStatement statement, int first, Lease lease) throws SQLException {
    statement.setString(first, projection.name());
    statement.setInt(first + 1, projection.version());
    statement.setInt(first + 2, lease.partition());
    statement.setLong(first + 3, lease.token());
  }
}
