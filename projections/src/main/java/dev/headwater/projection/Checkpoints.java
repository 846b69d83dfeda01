package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.event.Position;
import dev.headwater.readmodel.ReadModelException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The checkpoints of one projection, in the database of its read model. */
final class Checkpoints {
  static final String TABLE = SCHEMA + ".projection_checkpoint";

  private final ProjectionId projection;

  Checkpoints(ProjectionId projection) {
    this.projection = projection;
  }

  /**
   * Writes the tokens of leases that were just taken: from then on, nobody who had them before can
   * move the checkpoints. One that is missing is made at the partition's start.
   *
   * @param starts start of each partition, by number
   * @return the checkpoints of the leases taken, and of those kept that are still under their token
   */
  List<Checkpoint> claim(
      Connection connection, List<Position> starts, List<Lease> taken, List<Lease> kept)
      throws SQLException {
    Map<Integer, Long> tokens = new HashMap<>();
    kept.forEach(lease -> tokens.put(lease.partition(), lease.token()));
    taken.forEach(lease -> tokens.put(lease.partition(), lease.token()));
    insert(connection, starts, fence(connection, taken));
    return stored(connection).stream()
        .filter(
            checkpoint -> tokens.getOrDefault(checkpoint.partition(), -1L) == checkpoint.token())
        .toList();
  }

  /** Writes tokens; those for which there is no checkpoint. */
  private List<Lease> fence(Connection connection, List<Lease> taken) throws SQLException {
    String sql =
        "UPDATE "
            + TABLE
            + " SET token = ? WHERE projection = ? AND version = ? AND partition_no = ?";
    List<Lease> missing = new ArrayList<>();
    try (PreparedStatement update = prepare(connection, sql)) {
      for (Lease lease : taken) {
        update.setLong(1, lease.token());
        update.setString(2, projection.name());
        update.setInt(3, projection.version());
        update.setInt(4, lease.partition());
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          missing.add(taken.get(i));
        }
      }
    }
    return missing;
  }

  private List<Checkpoint> stored(Connection connection) throws SQLException {
    String sql =
        "SELECT partition_no, epoch, sequence, log_id, token FROM "
            + TABLE
            + " WHERE projection = ? AND version = ? ORDER BY partition_no";
    List<Checkpoint> stored = new ArrayList<>();
    try (PreparedStatement select = prepare(connection, sql)) {
      select.setString(1, projection.name());
      select.setInt(2, projection.version());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          stored.add(
              new Checkpoint(
                  new Position(rows.getInt(1), rows.getLong(2), rows.getLong(3), rows.getString(4)),
                  rows.getLong(5)));
        }
      }
    }
    return stored;
  }

  private static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    try {
      return connection.prepareStatement(sql);
    } catch (SQLException e) {
      if (Failures.stateAfter(e) == ProjectionState.FAILED) {
        throw new ReadModelException(
            "table " + TABLE + " can't be read; call Migrations.framework(dataSource) first", e);
      }
      throw e;
    }
  }

  private void insert(Connection connection, List<Position> starts, List<Lease> missing)
      throws SQLException {
    String sql =
        "INSERT INTO "
            + TABLE
            + " (log_id, sequence, updated_at, projection, version, partition_no, epoch, token)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Lease lease : missing) {
        bind(insert, starts.get(lease.partition()));
        insert.setLong(8, lease.token());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * One checkpoint's way on.
   *
   * @param token under which its partition was taken
   */
  record Step(Position from, Position to, long token) {}

  /**
   * Moves checkpoints on, in the order of partitions. Done first in a transaction: it locks the
   * projection's partitions against another runner until the commit.
   *
   * @throws FencedException if partitions were taken by others
   * @throws SQLTransientException if one is behind, because the database was restored
   */
  void advance(Connection connection, List<Step> steps) throws SQLException, FencedException {
    String sql =
        "UPDATE "
            + TABLE
            + " SET log_id = ?, sequence = ?, updated_at = ?"
            + " WHERE projection = ? AND version = ? AND partition_no = ? AND epoch = ?"
            + " AND token = ? AND sequence = ?";
    List<Step> refused = new ArrayList<>();
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (Step step : steps) {
        bind(update, step.to());
        update.setLong(8, step.token());
        update.setLong(9, step.from().sequence());
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          refused.add(steps.get(i));
        }
      }
    }
    if (!refused.isEmpty()) {
      explain(connection, refused);
    }
  }

  private void explain(Connection connection, List<Step> refused)
      throws SQLException, FencedException {
    List<Checkpoint> stored = stored(connection);
    for (Step step : refused) {
      for (Checkpoint checkpoint : stored) {
        Position from = step.from();
        Position at = checkpoint.position();
        if (checkpoint.token() == step.token()
            && at.partition() == from.partition()
            && at.epoch() == from.epoch()
            && at.sequence() < from.sequence()) {
          // The rows went back with it, so all there is to mend is where to go on.
          throw new SQLTransientException(
              "checkpoint of projection "
                  + projection
                  + " in partition "
                  + at.partition()
                  + " went back behind sequence "
                  + from.sequence()
                  + ": the database has lost its last commits");
        }
      }
    }
    throw new FencedException(
        projection,
        refused.stream().map(step -> step.from().partition()).collect(Collectors.toSet()));
  }

  /** Forgets how far the projection has come. */
  void delete(Connection connection) throws SQLException {
    try (PreparedStatement delete =
        prepare(connection, "DELETE FROM " + TABLE + " WHERE projection = ? AND version = ?")) {
      delete.setString(1, projection.name());
      delete.setInt(2, projection.version());
      delete.executeUpdate();
    }
  }

  private void bind(PreparedStatement statement, Position position) throws SQLException {
    statement.setString(1, position.logId());
    statement.setLong(2, position.sequence());
    statement.setObject(3, OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS));
    statement.setString(4, projection.name());
    statement.setInt(5, projection.version());
    statement.setInt(6, position.partition());
    statement.setLong(7, position.epoch());
  }
}
