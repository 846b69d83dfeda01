package dev.headwater.projection;

import static dev.headwater.projection.ParkingTables.AGGREGATE;
import static dev.headwater.projection.ParkingTables.EVENT;
import static dev.headwater.projection.ParkingTables.OF_STREAM;
import static dev.headwater.projection.ParkingTables.bind;

import dev.headwater.event.EventType;
import dev.headwater.event.StreamId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What operators see and change of parked aggregates, in a connection's transaction. */
record ParkedQueue(Connection connection) {
  private static final String COLUMNS =
      "projection, version, stream_type, stream_id, partition_no, epoch, first_sequence,"
          + " failed_stream_version, error_class, error, attempts, waiting_events, parked_at,"
          + " last_try_at";

  /** A pointer to an event that waits. */
  record Pointer(long version, long sequence, EventType type) {}

  /** All parked aggregates of all projections, those first that were parked first. */
  List<ParkedAggregate> all() throws SQLException {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM "
            + AGGREGATE
            + " ORDER BY parked_at, projection, version, stream_type, stream_id";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      return aggregates(select);
    }
  }

  /** The aggregate if it is parked. */
  Optional<ParkedAggregate> find(ProjectionId id, StreamId stream) throws SQLException {
    return find(id, stream, "");
  }

  /** The aggregate if it is parked; it stays as it is until the transaction ends. */
  Optional<ParkedAggregate> lock(ProjectionId id, StreamId stream) throws SQLException {
    return find(id, stream, " FOR UPDATE");
  }

  private Optional<ParkedAggregate> find(ProjectionId id, StreamId stream, String locking)
      throws SQLException {
    String sql = "SELECT " + COLUMNS + " FROM " + AGGREGATE + OF_STREAM + locking;
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      bind(select, 1, id, stream);
      return aggregates(select).stream().findAny();
    }
  }

  private static List<ParkedAggregate> aggregates(PreparedStatement select) throws SQLException {
    List<ParkedAggregate> found = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(
            new ParkedAggregate(
                new ProjectionId(row.getString(1), row.getInt(2)),
                new StreamId(row.getString(3), row.getString(4)),
                row.getInt(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getString(9),
                row.getString(10),
                row.getInt(11),
                row.getLong(12),
                instant(row, 13),
                instant(row, 14)));
      }
    }
    return found;
  }

  static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** At most {@code limit} waiting events from a version of the stream on, in order. */
  List<Pointer> waiting(ProjectionId id, StreamId stream, long from, int limit)
      throws SQLException {
    String sql =
        "SELECT stream_version, sequence, event_type FROM "
            + EVENT
            + OF_STREAM
            + " AND stream_version >= ? ORDER BY stream_version FETCH FIRST ? ROWS ONLY";
    List<Pointer> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      int next = bind(select, 1, id, stream);
      select.setLong(next, from);
      select.setInt(next + 1, limit);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Pointer(rows.getLong(1), rows.getLong(2), EventType.parse(rows.getString(3))));
        }
      }
    }
    return found;
  }

  /** Takes one event out of those that wait. */
  void remove(ProjectionId id, StreamId stream, long version) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM " + EVENT + OF_STREAM + " AND stream_version = ?")) {
      delete.setLong(bind(delete, 1, id, stream), version);
      delete.executeUpdate();
    }
    String sql = "UPDATE " + AGGREGATE + " SET waiting_events = waiting_events - 1" + OF_STREAM;
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      bind(update, 1, id, stream);
      update.executeUpdate();
    }
  }

  /** Ends the parking: nothing waits any more. */
  void release(ProjectionId id, StreamId stream) throws SQLException {
    for (String table : List.of(EVENT, AGGREGATE)) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM " + table + OF_STREAM)) {
        bind(delete, 1, id, stream);
        delete.executeUpdate();
      }
    }
  }

  /** Notes that it failed again. */
  void failedAgain(ProjectionId id, StreamId stream, Culprit culprit) throws SQLException {
    String sql =
        "UPDATE "
            + AGGREGATE
            + " SET failed_stream_version = ?, error_class = ?, error = ?, attempts = attempts + 1,"
            + " last_try_at = CURRENT_TIMESTAMP"
            + OF_STREAM;
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, culprit.event().version());
      update.setString(2, ParkingTables.errorClass(culprit.cause()));
      update.setString(3, ParkingTables.error(culprit.cause()));
      bind(update, 4, id, stream);
      update.executeUpdate();
    }
  }
}
