package dev.headwater.projection;

import static dev.headwater.projection.ParkingTables.DECISION;
import static dev.headwater.projection.ParkingTables.OF_STREAM;
import static dev.headwater.projection.ParkingTables.bind;

import dev.headwater.event.EventType;
import dev.headwater.event.StreamId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who decided what about an aggregate of a projection, in a connection's transaction. */
record ParkingDecisions(Connection connection, ProjectionId id, StreamId stream) {
  /** An event is left out. */
  void skipped(ParkedQueue.Pointer event, String who, String why) throws SQLException {
    String sql =
        "INSERT INTO "
            + DECISION
            + " (projection, version, stream_type, stream_id, action, decided_at, who,"
            + " stream_version, sequence, event_type, why)"
            + " VALUES (?, ?, ?, ?, 'skip', CURRENT_TIMESTAMP, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      int next = bind(insert, 1, id, stream);
      insert.setString(next++, who);
      insert.setLong(next++, event.version());
      insert.setLong(next++, event.sequence());
      insert.setString(next++, event.type().toString());
      insert.setString(next, why);
      insert.executeUpdate();
    }
  }

  /** The waiting events were tried again. */
  void retried(String who, long applied, @Nullable String error) throws SQLException {
    String sql =
        "INSERT INTO "
            + DECISION
            + " (projection, version, stream_type, stream_id, action, decided_at, who,"
            + " applied_events, error) VALUES (?, ?, ?, ?, 'retry', CURRENT_TIMESTAMP, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      int next = bind(insert, 1, id, stream);
      insert.setString(next++, who);
      insert.setLong(next++, applied);
      insert.setString(next, error);
      insert.executeUpdate();
    }
  }

  /** All of them, in order. */
  List<ParkingDecision> all() throws SQLException {
    String sql =
        "SELECT action, who, decided_at, stream_version, sequence, event_type, why,"
            + " applied_events, error FROM "
            + DECISION
            + OF_STREAM
            + " ORDER BY id";
    List<ParkingDecision> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      bind(select, 1, id, stream);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(row.getString(1).equals("skip") ? skip(row) : retry(row));
        }
      }
    }
    return found;
  }

  private ParkingDecision skip(ResultSet row) throws SQLException {
    return new ParkingDecision.Skip(
        id,
        stream,
        row.getString(2),
        ParkedQueue.instant(row, 3),
        row.getLong(4),
        row.getLong(5),
        EventType.parse(row.getString(6)),
        row.getString(7));
  }

  private ParkingDecision retry(ResultSet row) throws SQLException {
    return new ParkingDecision.Retry(
        id,
        stream,
        row.getString(2),
        ParkedQueue.instant(row, 3),
        row.getLong(8),
        row.getString(9));
  }
}
