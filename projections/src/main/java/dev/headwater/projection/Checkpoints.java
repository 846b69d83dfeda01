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
import java.util.List;

/** The checkpoints of one projection, in the database of its read model. */
final class Checkpoints {
  private static final String TABLE = SCHEMA + ".projection_checkpoint";

  private final String projection;

  Checkpoints(String projection) {
    this.projection = projection;
  }

  /**
   * Where the projection is in each partition; a partition without a checkpoint gets one at its
   * start. By number of the partition.
   */
  List<Position> load(Connection connection, List<Position> heads) throws SQLException {
    List<Position> positions = new ArrayList<>();
    heads.forEach(head -> positions.add(Position.start(head.partition(), head.epoch())));
    List<Position> missing = new ArrayList<>(positions);
    for (Position stored : stored(connection)) {
      if (stored.partition() < positions.size()) {
        missing.remove(positions.set(stored.partition(), stored));
      }
    }
    insert(connection, missing);
    return positions;
  }

  private List<Position> stored(Connection connection) throws SQLException {
    String sql =
        "SELECT partition_no, epoch, sequence, log_id FROM " + TABLE + " WHERE projection = ?";
    List<Position> stored = new ArrayList<>();
    try (PreparedStatement select = prepare(connection, sql)) {
      select.setString(1, projection);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          stored.add(
              new Position(rows.getInt(1), rows.getLong(2), rows.getLong(3), rows.getString(4)));
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

  private void insert(Connection connection, List<Position> positions) throws SQLException {
    String sql =
        "INSERT INTO "
            + TABLE
            + " (log_id, sequence, updated_at, projection, partition_no, epoch)"
            + " VALUES (?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Position position : positions) {
        bind(insert, position);
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith("23")) {
        throw new SQLTransientException("another runner starts projection " + projection, e);
      }
      throw e;
    }
  }

  /**
   * Moves checkpoints on, in the order of partitions. Done first in a transaction: it locks the
   * projection's partitions against another runner until the commit.
   *
   * @throws CheckpointTakenException if one is not where it is expected
   * @throws SQLTransientException if one is behind, because the database was restored
   */
  void advance(Connection connection, List<Position> from, List<Position> to) throws Exception {
    String sql =
        "UPDATE "
            + TABLE
            + " SET log_id = ?, sequence = ?, updated_at = ?"
            + " WHERE projection = ? AND partition_no = ? AND epoch = ? AND sequence = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < from.size(); i++) {
        bind(update, to.get(i));
        update.setLong(7, from.get(i).sequence());
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          throw notThere(connection, from.get(i));
        }
      }
    }
  }

  /**
   * Keeps everybody else from moving these checkpoints, and so from writing the read model, until
   * the transaction ends.
   */
  void lock(Connection connection) throws SQLException {
    String sql =
        "SELECT partition_no FROM "
            + TABLE
            + " WHERE projection = ? ORDER BY partition_no FOR UPDATE";
    try (PreparedStatement select = prepare(connection, sql)) {
      select.setString(1, projection);
      select.executeQuery().close();
    }
  }

  private Exception notThere(Connection connection, Position expected) throws SQLException {
    String checkpoint =
        "checkpoint of projection " + projection + " in partition " + expected.partition();
    for (Position stored : stored(connection)) {
      if (stored.partition() == expected.partition()
          && (stored.epoch() != expected.epoch() || stored.sequence() >= expected.sequence())) {
        return new CheckpointTakenException(
            checkpoint
                + " was moved from sequence "
                + expected.sequence()
                + " to "
                + stored.sequence()
                + ": another runner runs it on the same database; run each projection once");
      }
    }
    // The rows went back with it, so all there is to mend is where to go on.
    return new SQLTransientException(
        checkpoint
            + " went back behind sequence "
            + expected.sequence()
            + ": the database has lost its last commits, or another runner replays it");
  }

  /** Forgets how far the projection has come. */
  void delete(Connection connection) throws SQLException {
    try (PreparedStatement delete =
        prepare(connection, "DELETE FROM " + TABLE + " WHERE projection = ?")) {
      delete.setString(1, projection);
      delete.executeUpdate();
    }
  }

  private void bind(PreparedStatement statement, Position position) throws SQLException {
    statement.setString(1, position.logId());
    statement.setLong(2, position.sequence());
    statement.setObject(3, OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS));
    statement.setString(4, projection);
    statement.setInt(5, position.partition());
    statement.setLong(6, position.epoch());
  }
}
