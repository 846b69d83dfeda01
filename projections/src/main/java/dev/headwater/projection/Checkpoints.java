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
  private static final String MINE = " WHERE projection = ? AND version = ?";

  private final ProjectionId projection;

  Checkpoints(ProjectionId projection) {
    this.projection = projection;
  }

  /**
   * Where the projection is in each partition; a partition without a checkpoint gets one at its
   * start. By number of the partition.
   */
  List<Checkpoint> load(Connection connection, List<Position> heads) throws SQLException {
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (Position head : heads) {
      checkpoints.add(new Checkpoint(Position.start(head.partition(), head.epoch()), 0));
    }
    List<Checkpoint> missing = new ArrayList<>(checkpoints);
    for (Checkpoint stored : stored(connection)) {
      if (stored.partition() < checkpoints.size()) {
        missing.remove(checkpoints.set(stored.partition(), stored));
      }
    }
    insert(connection, missing);
    return checkpoints;
  }

  private List<Checkpoint> stored(Connection connection) throws SQLException {
    String sql = "SELECT partition_no, epoch, sequence, log_id, token FROM " + TABLE + MINE;
    List<Checkpoint> stored = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      bindMine(select, 1);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Position position =
              new Position(rows.getInt(1), rows.getLong(2), rows.getLong(3), rows.getString(4));
          stored.add(new Checkpoint(position, rows.getLong(5)));
        }
      }
    } catch (SQLException e) {
      throw explained(e);
    }
    return stored;
  }

  private static SQLException explained(SQLException failure) {
    if (Failures.stateAfter(failure) == ProjectionState.FAILED) {
      throw new ReadModelException(
          "table " + TABLE + " can't be read; call Migrations.framework(dataSource) first",
          failure);
    }
    return failure;
  }

  private void insert(Connection connection, List<Checkpoint> checkpoints) throws SQLException {
    String sql =
        "INSERT INTO "
            + TABLE
            + " (log_id, sequence, updated_at, projection, version, partition_no, epoch)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Checkpoint checkpoint : checkpoints) {
        bind(insert, checkpoint.position());
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
   * @throws CheckpointTakenException if one is not where it is expected, or has another owner
   * @throws SQLTransientException if one is behind, because the database was restored
   */
  void advance(Connection connection, List<Checkpoint> from, List<Position> to) throws Exception {
    String sql =
        "UPDATE "
            + TABLE
            + " SET log_id = ?, sequence = ?, updated_at = ?"
            + MINE
            + " AND partition_no = ? AND epoch = ? AND sequence = ? AND token = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < from.size(); i++) {
        bind(update, to.get(i));
        update.setLong(8, from.get(i).position().sequence());
        update.setLong(9, from.get(i).token());
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

  private Exception notThere(Connection connection, Checkpoint expected) throws SQLException {
    String name =
        "checkpoint of projection " + projection + " in partition " + expected.partition();
    Position position = expected.position();
    for (Checkpoint checkpoint : stored(connection)) {
      Position stored = checkpoint.position();
      if (stored.partition() != position.partition()) {
        continue;
      }
      if (checkpoint.token() > expected.token()) {
        return new CheckpointTakenException(
            name
                + " has another owner: its token is "
                + checkpoint.token()
                + ", not "
                + expected.token());
      }
      if (stored.epoch() != position.epoch() || stored.sequence() >= position.sequence()) {
        return new CheckpointTakenException(
            name
                + " was moved from sequence "
                + position.sequence()
                + " to "
                + stored.sequence()
                + ": another runner runs it on the same database; run each projection once");
      }
    }
    // The rows went back with it, so all there is to mend is where to go on.
    return new SQLTransientException(
        name
            + " went back behind sequence "
            + position.sequence()
            + ": the database has lost its last commits, or another runner replays it");
  }

  /** Forgets how far the projection has come. */
  void delete(Connection connection) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + TABLE + MINE)) {
      bindMine(delete, 1);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  private void bind(PreparedStatement statement, Position position) throws SQLException {
    statement.setString(1, position.logId());
    statement.setLong(2, position.sequence());
    statement.setObject(3, OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS));
    bindMine(statement, 4);
    statement.setInt(6, position.partition());
    statement.setLong(7, position.epoch());
  }

  private void bindMine(PreparedStatement statement, int first) throws SQLException {
    statement.setString(first, projection.name());
    statement.setInt(first + 1, projection.version());
  }
}
