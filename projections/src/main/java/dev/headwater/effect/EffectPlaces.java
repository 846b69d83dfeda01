package dev.headwater.effect;

import dev.headwater.event.Position;
import dev.headwater.readmodel.internal.Timestamps;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** The last known place of an effect in each partition. */
final class EffectPlaces {
  private static final String UNIQUE_VIOLATION = "23505";

  private final String effect;
  private final Transactions database;

  EffectPlaces(String effect, DataSource database) {
    this.effect = effect;
    this.database = new Transactions(database);
  }

  /** The places, by partition; where none is known the start is it from now on. */
  List<Position> loadOrBegin(StartAt start, List<Position> heads) throws SQLException {
    try {
      return begin(start, heads);
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        return begin(start, heads); // another instance began in between, at its start
      }
      throw e;
    }
  }

  private List<Position> begin(StartAt start, List<Position> heads) throws SQLException {
    return database.run(
        connection -> {
          Map<Integer, Position> places = load(connection);
          for (Position head : heads) {
            if (!places.containsKey(head.partition())) {
              places.put(head.partition(), insert(connection, first(start, head)));
            }
          }
          return List.copyOf(places.values());
        });
  }

  private Position first(StartAt start, Position head) {
    return switch (start) {
      case StartAt.End end -> head;
      case StartAt.Beginning beginning -> Position.start(head.partition(), head.epoch());
      case StartAt.Positions(List<Position> positions) ->
          positions.stream()
              .filter(position -> position.partition() == head.partition())
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "effect "
                              + effect
                              + " is to begin at positions, of which none is of partition "
                              + head.partition()));
    };
  }

  private Map<Integer, Position> load(Connection connection) throws SQLException {
    Map<Integer, Position> places = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT partition_no, epoch, sequence, log_id FROM headwater.effect_place"
                + " WHERE effect = ?")) {
      select.setString(1, effect);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          places.put(
              rows.getInt(1),
              new Position(rows.getInt(1), rows.getLong(2), rows.getLong(3), rows.getString(4)));
        }
      }
    }
    return places;
  }

  private Position insert(Connection connection, Position position) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO headwater.effect_place"
                + " (sequence, log_id, updated_at, effect, partition_no, epoch)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      bind(insert, position);
      insert.executeUpdate();
    }
    return position;
  }

  /** Moves places on; another instance may know better ones. */
  void save(List<Position> positions) throws SQLException {
    List<Position> inOrder = new ArrayList<>(positions);
    inOrder.sort((a, b) -> Integer.compare(a.partition(), b.partition())); // no deadlocks
    database.run(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE headwater.effect_place SET sequence = ?, log_id = ?, updated_at = ?"
                      + " WHERE effect = ? AND partition_no = ? AND epoch = ? AND sequence < ?")) {
            for (Position position : inOrder) {
              bind(update, position);
              update.setLong(7, position.sequence());
              update.addBatch();
            }
            return update.executeBatch();
          }
        });
  }

  private void bind(PreparedStatement statement, Position position) throws SQLException {
    statement.setLong(1, position.sequence());
    statement.setString(2, position.logId());
    statement.setObject(3, Timestamps.now());
    statement.setString(4, effect);
    statement.setInt(5, position.partition());
    statement.setLong(6, position.epoch());
  }
}
