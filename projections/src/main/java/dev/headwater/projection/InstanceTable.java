package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.event.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One instance among the others, in the database that they share and by its clock. */
final class InstanceTable {
  private static final String INSTANCE = SCHEMA + ".runner_instance";
  private static final String READY = SCHEMA + ".runner_projection";

  /** For people who look after a crash. */
  private static final Duration KEEP_DEAD = Duration.ofHours(1);

  private static final String FROM_NOW =
      "CURRENT_TIMESTAMP + CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";

  private static final String LEFT =
      "CAST(EXTRACT(EPOCH FROM (i.expires_at - CURRENT_TIMESTAMP)) * 1000 AS BIGINT)";

  private static final String LOOK =
      "SELECT m.projection, m.version, -1, m.instance, 0, "
          + LEFT
          + ", 0, 0, '', 0 FROM "
          + READY
          + " m JOIN "
          + INSTANCE
          + " i ON i.instance = m.instance"
          + " UNION ALL SELECT l.projection, l.version, l.partition_no, l.owner, l.token, "
          + LEFT
          + ", c.epoch, c.sequence, c.log_id, c.token FROM "
          + Leases.TABLE
          + " l LEFT JOIN "
          + INSTANCE
          + " i ON i.instance = l.owner LEFT JOIN "
          + Checkpoints.TABLE
          + " c ON c.projection = l.projection AND c.version = l.version"
          + " AND c.partition_no = l.partition_no"
          + " ORDER BY 1, 2, 3";

  private final String instance;
  private final Duration lease;

  /** Lives for {@code lease} unless it is seen again. */
  InstanceTable(String instance, Duration lease) {
    this.instance = instance;
    this.lease = lease;
  }

  /** Lives on; false if the database does not know it. */
  boolean seen(Connection connection) throws SQLException {
    String sql =
        "UPDATE "
            + INSTANCE
            + " SET seen_at = CURRENT_TIMESTAMP, expires_at = "
            + FROM_NOW
            + " WHERE instance = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, lease.toMillis());
      update.setString(2, instance);
      return update.executeUpdate() > 0;
    }
  }

  /** Makes itself known, and forgets those that are long dead. */
  void join(Connection connection) throws SQLException {
    String sql =
        "INSERT INTO "
            + INSTANCE
            + " (instance, started_at, seen_at, expires_at)"
            + " VALUES (?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, "
            + FROM_NOW
            + ")";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, instance);
      insert.setLong(2, lease.toMillis());
      insert.executeUpdate();
    }
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM " + INSTANCE + " WHERE expires_at < " + FROM_NOW)) {
      delete.setLong(1, -KEEP_DEAD.toMillis());
      delete.executeUpdate();
    }
    execute(
        connection,
        "DELETE FROM " + READY + " WHERE instance NOT IN (SELECT instance FROM " + INSTANCE + ")");
  }

  /** Says what it is ready to run, and gives back all that it has of other projections. */
  void ready(Connection connection, Collection<ProjectionId> projections) throws SQLException {
    execute(connection, "DELETE FROM " + READY + " WHERE instance = ?", instance);
    String other = "UPDATE " + Leases.TABLE + " SET owner = NULL WHERE owner = ?";
    for (ProjectionId projection : projections) {
      execute(
          connection,
          "INSERT INTO " + READY + " (instance, projection, version) VALUES (?, ?, ?)",
          instance,
          projection.name(),
          projection.version());
      other += " AND NOT (projection = ? AND version = ?)";
    }
    List<Object> values = new ArrayList<>(List.of(instance));
    projections.forEach(
        projection -> values.addAll(List.of(projection.name(), projection.version())));
    execute(connection, other, values.toArray());
  }

  /** The living instances that say they are ready to run a projection. */
  static List<String> readyFor(Connection connection, ProjectionId projection) throws SQLException {
    String sql =
        "SELECT i.instance FROM "
            + READY
            + " m JOIN "
            + INSTANCE
            + " i ON i.instance = m.instance WHERE m.projection = ? AND m.version = ?"
            + " AND i.expires_at > CURRENT_TIMESTAMP";
    List<String> instances = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, projection.name());
      select.setInt(2, projection.version());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          instances.add(rows.getString(1));
        }
      }
    }
    return instances;
  }

  /** Makes the leases of a projection that are missing, but none of a version that was dropped. */
  void makeLeases(Connection connection, ProjectionId projection, int partitions)
      throws SQLException {
    for (int partition = 0; partition < partitions; partition++) {
      execute(
          connection,
          "INSERT INTO "
              + Leases.TABLE
              + " (projection, version, partition_no, token) SELECT ?, ?, ?, 0"
              + " WHERE NOT EXISTS (SELECT 1 FROM "
              + Leases.TABLE
              + " WHERE projection = ? AND version = ? AND partition_no = ?) AND "
              + VersionTable.ALIVE,
          projection.name(),
          projection.version(),
          partition,
          projection.name(),
          projection.version(),
          partition,
          projection.name(),
          projection.name(),
          projection.version());
    }
  }

  /** Forgets the instances of other processes: the database proves that there are none. */
  static void forgetOthers(Connection connection) throws SQLException {
    execute(
        connection,
        "DELETE FROM " + INSTANCE + " WHERE LEFT(instance, ?) <> ?",
        Instances.PROCESS.length(),
        Instances.PROCESS);
  }

  /** Gives all leases back and is gone. */
  void leave(Connection connection) throws SQLException {
    ready(connection, List.of());
    execute(connection, "DELETE FROM " + INSTANCE + " WHERE instance = ?", instance);
  }

  /** Who runs what now; one query. */
  Roster look(Connection connection) throws SQLException {
    Map<ProjectionId, List<Lease>> leases = new HashMap<>();
    SortedMap<ProjectionId, SortedSet<String>> members = new TreeMap<>();
    Map<ProjectionId, List<Checkpoint>> checkpoints = new HashMap<>();
    long next = Long.MAX_VALUE;
    try (PreparedStatement select = connection.prepareStatement(LOOK);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        ProjectionId projection = new ProjectionId(rows.getString(1), rows.getInt(2));
        int partition = rows.getInt(3);
        String owner = rows.getString(4);
        boolean alive = rows.getLong(6) > 0 || instance.equals(owner);
        if (partition < 0) {
          if (alive) {
            members.computeIfAbsent(projection, any -> new TreeSet<>()).add(owner);
          }
          continue;
        }
        if (alive && !instance.equals(owner)) {
          next = Math.min(next, rows.getLong(6));
        }
        leases
            .computeIfAbsent(projection, any -> new ArrayList<>())
            .add(new Lease(partition, owner, alive, rows.getLong(5)));
        String logId = rows.getString(9);
        if (logId != null) {
          Position position = new Position(partition, rows.getLong(7), rows.getLong(8), logId);
          checkpoints
              .computeIfAbsent(projection, any -> new ArrayList<>())
              .add(new Checkpoint(position, rows.getLong(10)));
        }
      }
    }
    return new Roster(leases, members, checkpoints, Duration.ofMillis(next));
  }

  private static void execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
