package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.event.StreamId;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The names of the tables of parking, and what their statements share. */
final class ParkingTables {
  static final String AGGREGATE = SCHEMA + ".parked_aggregate";
  static final String EVENT = SCHEMA + ".parked_event";
  static final String DECISION = SCHEMA + ".parked_decision";

  static final String OF_PROJECTION = " WHERE projection = ? AND version = ?";
  static final String OF_STREAM = OF_PROJECTION + " AND stream_type = ? AND stream_id = ?";

  private static final int ERROR_LENGTH = 1_000;

  private ParkingTables() {}

  /** Binds {@link #OF_PROJECTION}; the index of the next parameter. */
  static int bind(PreparedStatement statement, int first, ProjectionId id) throws SQLException {
    statement.setString(first, id.name());
    statement.setInt(first + 1, id.version());
    return first + 2;
  }

  /** Binds {@link #OF_STREAM}; the index of the next parameter. */
  static int bind(PreparedStatement statement, int first, ProjectionId id, StreamId stream)
      throws SQLException {
    int next = bind(statement, first, id);
    statement.setString(next, stream.type());
    statement.setString(next + 1, stream.id());
    return next + 2;
  }

  /** The failure as it is stored. */
  static String error(Throwable failure) {
    String line = Failures.describe(failure).replace('\0', ' ');
    int end = Math.min(ERROR_LENGTH, line.length());
    // A surrogate pair that is cut in half has no stored form.
    return line.substring(
        0, end > 0 && Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end);
  }

  /** What kind of failure it is, as it is stored. */
  static String errorClass(Throwable failure) {
    String name = failure.getClass().getSimpleName();
    return name.isEmpty() ? failure.getClass().getName() : name;
  }
}
