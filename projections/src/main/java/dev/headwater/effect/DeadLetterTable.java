package dev.headwater.effect;

import dev.headwater.event.EventType;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.internal.Timestamps;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows of {@code headwater.dead_letter} of one effect. */
final class DeadLetterTable {
  private static final String OF_STREAM =
      " FROM headwater.dead_letter WHERE effect = ? AND stream_type = ? AND stream_id = ?";
  private static final int LONGEST_ERROR = 2_000;

  private final String effect;
  private final Transactions database;

  DeadLetterTable(String effect, DataSource database) {
    this.effect = effect;
    this.database = new Transactions(database);
  }

  /** Streams whose events may not be handled, because one of them is a dead letter. */
  Set<StreamId> blocked() throws SQLException {
    return database.run(
        connection -> {
          Set<StreamId> streams = new HashSet<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT DISTINCT stream_type, stream_id FROM headwater.dead_letter"
                      + " WHERE effect = ?")) {
            select.setString(1, effect);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                streams.add(new StreamId(rows.getString(1), rows.getString(2)));
              }
            }
          }
          return streams;
        });
  }

  /** Adds an event that was tried in vain; nothing if it is there. */
  void add(int partition, SequencedEvent event, int attempts, String error, Instant firstAt)
      throws SQLException {
    database.run(
        connection -> {
          if (!isThere(connection, event)) {
            insert(connection, partition, event, attempts, error, firstAt);
          }
          return true;
        });
  }

  /**
   * Lets an event wait behind the dead letters of its stream.
   *
   * @return false if there are none any more
   */
  boolean addBehind(int partition, SequencedEvent event) throws SQLException {
    return database.run(
        connection -> {
          // The lock keeps the last letter there until this one is behind it.
          if (!lock(connection, event.event().stream())) {
            return false;
          }
          if (!isThere(connection, event)) {
            insert(connection, partition, event, 0, null, Instant.now());
          }
          return true;
        });
  }

  private boolean lock(Connection connection, StreamId stream) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT letter" + OF_STREAM + " ORDER BY version FOR UPDATE")) {
      bind(select, stream);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  private boolean isThere(Connection connection, SequencedEvent event) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT letter" + OF_STREAM + " AND version = ?")) {
      bind(select, event.event().stream());
      select.setLong(4, event.event().version());
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  private void bind(PreparedStatement statement, StreamId stream) throws SQLException {
    statement.setString(1, effect);
    statement.setString(2, stream.type());
    statement.setString(3, stream.id());
  }

  private void insert(
      Connection connection,
      int partition,
      SequencedEvent event,
      int attempts,
      @Nullable String error,
      Instant firstAt)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO headwater.dead_letter (effect, stream_type, stream_id, version,"
                + " event_type, partition_no, sequence, attempts, error, first_at, last_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      bind(insert, event.event().stream());
      insert.setLong(4, event.event().version());
      insert.setString(5, event.event().type().toString());
      insert.setInt(6, partition);
      insert.setLong(7, event.sequence());
      insert.setInt(8, attempts);
      insert.setString(9, error == null ? null : shortened(error));
      insert.setObject(10, OffsetDateTime.ofInstant(firstAt, ZoneOffset.UTC));
      insert.setObject(11, Timestamps.now());
      insert.executeUpdate();
    }
  }

  /** As every database stores it: PostgreSQL has no NUL, and nobody half a surrogate pair. */
  private static String shortened(String error) {
    String text = error.replace('\0', ' ');
    int end = Math.min(LONGEST_ERROR, text.length());
    return text.substring(
        0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  /** All of this effect, or those of a stream, in the order of streams and versions. */
  List<DeadLetter> list(@Nullable StreamId stream) throws SQLException {
    return database.run(connection -> list(connection, stream));
  }

  private List<DeadLetter> list(Connection connection, @Nullable StreamId stream)
      throws SQLException {
    String columns =
        "SELECT stream_type, stream_id, version, event_type, attempts, error, first_at, last_at";
    String sql =
        stream == null
            ? columns
                + " FROM headwater.dead_letter WHERE effect = ?"
                + " ORDER BY stream_type, stream_id, version"
            : columns + OF_STREAM + " ORDER BY version";
    List<DeadLetter> letters = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, effect);
      if (stream != null) {
        bind(select, stream);
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          letters.add(
              new DeadLetter(
                  effect,
                  new StreamId(rows.getString(1), rows.getString(2)),
                  rows.getLong(3),
                  EventType.parse(rows.getString(4)),
                  rows.getInt(5),
                  rows.getString(6),
                  rows.getObject(7, OffsetDateTime.class).toInstant(),
                  rows.getObject(8, OffsetDateTime.class).toInstant()));
        }
      }
    }
    return letters;
  }

  /** Keeps others from trying a letter meanwhile; false if another one does. */
  boolean claim(DeadLetter letter, Duration time) throws SQLException {
    OffsetDateTime now = Timestamps.now();
    return database.run(
            connection ->
                update(
                    connection,
                    "retried_until = ?",
                    letter,
                    " AND (retried_until IS NULL OR retried_until < ?)",
                    now.plus(time),
                    now))
        == 1;
  }

  /** Notes another attempt in vain. */
  void failed(DeadLetter letter, String error) throws SQLException {
    database.run(
        connection ->
            update(
                connection,
                "retried_until = NULL, attempts = attempts + 1, error = ?, last_at = ?",
                letter,
                "",
                shortened(error),
                Timestamps.now()));
  }

  private int update(
      Connection connection, String set, DeadLetter letter, String where, Object first, Object last)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE headwater.dead_letter SET "
                + set
                + " WHERE effect = ? AND stream_type = ? AND stream_id = ? AND version = ?"
                + where)) {
      int next = where.isEmpty() ? 3 : 2;
      update.setObject(1, first);
      if (where.isEmpty()) {
        update.setObject(2, last);
      }
      update.setString(next, effect);
      update.setString(next + 1, letter.stream().type());
      update.setString(next + 2, letter.stream().id());
      update.setLong(next + 3, letter.version());
      if (!where.isEmpty()) {
        update.setObject(next + 4, last);
      }
      return update.executeUpdate();
    }
  }

  /** Removes a letter, and notes who decided that; false if it is not there. */
  boolean remove(DeadLetter letter, String decision, String who, String why) throws SQLException {
    return database.run(
        connection -> {
          lock(connection, letter.stream());
          try (PreparedStatement delete =
                  connection.prepareStatement("DELETE" + OF_STREAM + " AND version = ?");
              PreparedStatement note =
                  connection.prepareStatement(
                      "INSERT INTO headwater.dead_letter_decision (effect, stream_type, stream_id,"
                          + " version, decision, who, why, decided_at)"
                          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            bind(delete, letter.stream());
            delete.setLong(4, letter.version());
            if (delete.executeUpdate() == 0) {
              return false;
            }
            bind(note, letter.stream());
            note.setLong(4, letter.version());
            note.setString(5, decision);
            note.setString(6, who);
            note.setString(7, why);
            note.setObject(8, Timestamps.now());
            note.executeUpdate();
            return true;
          }
        });
  }
}
