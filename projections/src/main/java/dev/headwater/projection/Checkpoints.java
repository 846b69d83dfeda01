package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.event.Position;
import dev.headwater.readmodel.ReadModelException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The checkpoints of one projection, in the database of its read model. */
final class Checkpoints {
  static final String TABLE = SCHEMA + ".projection_checkpoint";
  private static final String MINE = " WHERE projection = ? AND version = ?";

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
        .filter(one -> tokens.getOrDefault(one.partition(), -1L) == one.token())
        .toList();
  }

  /** Writes tokens; those for which there is no checkpoint. */
  private List<Lease> fence(Connection connection, List<Lease> taken) throws SQLException {
    String sql = "UPDATE " + TABLE + " SET token = ?" + MINE + " AND partition_no = ?";
    List<Lease> missing = new ArrayList<>();
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (Lease lease : taken) {
        update.setLong(1, lease.token());
        bindMine(update, 2);
        update.setInt(4, lease.partition());
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          missing.add(taken.get(i));
        }
      }
    } catch (SQLException e) {
      throw explained(e);
    }
    return missing;
  }

  /** The checkpoints as they are; none in partitions that no runner has opened yet. */
  List<Checkpoint> stored(Connection connection) throws SQLException {
    return stored(connection, " ORDER BY partition_no");
  }

  /** Like {@link #stored(Connection)}; until the commit no runner moves them. */
  List<Checkpoint> lock(Connection connection) throws SQLException {
    return stored(connection, " ORDER BY partition_no FOR UPDATE");
  }

  private List<Checkpoint> stored(Connection connection, String how) throws SQLException {
    String sql = "SELECT partition_no, epoch, sequence, log_id, token FROM " + TABLE + MINE + how;
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

  /** The checkpoints of several projections, by one query. */
  static Map<ProjectionId, List<Checkpoint>> of(
      Connection connection, Collection<ProjectionId> projections) throws SQLException {
    List<ProjectionId> ids = List.copyOf(projections);
    String places = ids.stream().map(id -> "(?, ?)").collect(Collectors.joining(", "));
    String sql =
        "SELECT projection, version, partition_no, epoch, sequence, log_id, token FROM "
            + TABLE
            + " WHERE (projection, version) IN ("
            + places
            + ")";
    Map<ProjectionId, List<Checkpoint>> found = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < ids.size(); i++) {
        select.setString(2 * i + 1, ids.get(i).name());
        select.setInt(2 * i + 2, ids.get(i).version());
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Position position =
              new Position(rows.getInt(3), rows.getLong(4), rows.getLong(5), rows.getString(6));
          found
              .computeIfAbsent(
                  new ProjectionId(rows.getString(1), rows.getInt(2)), id -> new ArrayList<>())
              .add(new Checkpoint(position, rows.getLong(7)));
        }
      }
    } catch (SQLException e) {
      throw explained(e);
    }
    return found;
  }

  private static SQLException explained(SQLException failure) {
    if (Failures.stateAfter(failure) == ProjectionState.FAILED) {
      throw new ReadModelException(
          "table " + TABLE + " can't be read; call Migrations.framework(dataSource) first",
          failure);
    }
    return failure;
  }

  private void insert(Connection connection, List<Position> starts, List<Lease> missing)
      throws SQLException {
    String sql =
        "INSERT INTO "
            + TABLE
            + " (log_id, sequence, updated_at, projection, version, partition_no, epoch, token)"
            + " VALUES (?, ?, CURRENT_TIMESTAMP, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Lease lease : missing) {
        bind(insert, starts.get(lease.partition()));
        insert.setLong(7, lease.token());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * Moves checkpoints on, in the order of partitions. Done first in a transaction: it locks the
   * projection's partitions against another runner until the commit.
   *
   * @throws FencedException if partitions were taken by others
   * @throws SQLTransientException if one is behind, because the database was restored
   */
  void advance(Connection connection, List<Checkpoint> from, List<Position> to)
      throws SQLException, FencedException {
    String sql =
        "UPDATE "
            + TABLE
            + " SET log_id = ?, sequence = ?, updated_at = CURRENT_TIMESTAMP"
            + MINE
            + " AND partition_no = ? AND epoch = ? AND sequence = ? AND token = ?";
    List<Checkpoint> refused = new ArrayList<>();
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < from.size(); i++) {
        bind(update, to.get(i));
        update.setLong(7, from.get(i).position().sequence());
        update.setLong(8, from.get(i).token());
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          refused.add(from.get(i));
        }
      }
    }
    if (!refused.isEmpty()) {
      requireNotBehind(stored(connection), refused);
      throw new FencedException(
          projection, refused.stream().map(Checkpoint::partition).collect(Collectors.toSet()));
    }
  }

  private void requireNotBehind(List<Checkpoint> stored, List<Checkpoint> expected)
      throws SQLTransientException {
    for (Checkpoint mine : expected) {
      for (Checkpoint one : stored) {
        if (one.partition() == mine.partition()
            && one.token() == mine.token()
            && one.position().epoch() == mine.position().epoch()
            && one.position().sequence() < mine.position().sequence()) {
          // The rows went back with it, so all there is to mend is where to go on.
          throw new SQLTransientException(
              "checkpoint of projection "
                  + projection
                  + " in partition "
                  + one.partition()
                  + " went back behind sequence "
                  + mine.position().sequence()
                  + ": the database has lost its last commits");
        }
      }
    }
  }

  /** Forgets how far the projection has come, once no transaction of a runner is under way. */
  void delete(Connection connection) throws SQLException {
    lock(connection); // in the order in which runners do
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
    bindMine(statement, 3);
    statement.setInt(5, position.partition());
    statement.setLong(6, position.epoch());
  }

  private void bindMine(PreparedStatement statement, int first) throws SQLException {
    statement.setString(first, projection.name());
    statement.setInt(first + 1, projection.version());
  }
}
