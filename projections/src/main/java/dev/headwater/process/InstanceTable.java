package dev.headwater.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.codec.StateCodec;
import dev.headwater.event.RecordedEvent;
import dev.headwater.readmodel.internal.Timestamps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** State of the instances of a process, and how far each has come in its sources. */
final class InstanceTable<S> {
  private final String process;
  private final StateCodec<S> states;

  InstanceTable(String process, StateCodec<S> states) {
    this.process = process;
    this.states = states;
  }

  /** An instance as it is stored; version 0 if it is not. */
  record Stored<S>(@Nullable S state, long version, boolean ended) {}

  /** Reads an instance and keeps others from changing it. */
  Stored<S> lock(Connection connection, String instance) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT state, version, ended, state_schema FROM headwater.process_instance"
                + " WHERE process = ? AND instance = ? FOR UPDATE")) {
      select.setString(1, process);
      select.setString(2, instance);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          return new Stored<>(null, 0, false);
        }
        if (!rows.getString(4).equals(states.schema())) {
          throw new IllegalStateException(
              "the state of "
                  + instance
                  + " of process "
                  + process
                  + " has schema "
                  + rows.getString(4)
                  + ", the process reads "
                  + states.schema());
        }
        S state = states.decode(rows.getString(1).getBytes(UTF_8));
        return new Stored<>(state, rows.getLong(2), rows.getBoolean(3));
      }
    }
  }

  void store(Connection connection, String instance, long before, S state, boolean ended)
      throws SQLException {
    String sql =
        before == 0
            ? "INSERT INTO headwater.process_instance"
                + " (version, state_schema, state, ended, updated_at, process, instance)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)"
            : "UPDATE headwater.process_instance"
                + " SET version = ?, state_schema = ?, state = ?, ended = ?, updated_at = ?"
                + " WHERE process = ? AND instance = ? AND version = ?";
    try (PreparedStatement write = connection.prepareStatement(sql)) {
      write.setLong(1, before + 1);
      write.setString(2, states.schema());
      write.setString(3, new String(states.encode(state), UTF_8));
      write.setBoolean(4, ended);
      write.setObject(5, Timestamps.now());
      write.setString(6, process);
      write.setString(7, instance);
      if (before > 0) {
        write.setLong(8, before);
      }
      if (write.executeUpdate() == 0) {
        throw new SQLTransientException(
            "instance " + instance + " of process " + process + " is not at version " + before);
      }
    }
  }

  /** The last version of the event's stream that the instance has reacted to; 0 if none. */
  long seen(Connection connection, String instance, RecordedEvent event) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT version FROM headwater.process_source"
                + " WHERE process = ? AND instance = ? AND stream_type = ? AND stream_id = ?")) {
      select.setString(1, process);
      select.setString(2, instance);
      select.setString(3, event.stream().type());
      select.setString(4, event.stream().id());
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  void see(Connection connection, String instance, RecordedEvent event) throws SQLException {
    boolean isKnown = seen(connection, instance, event) > 0;
    try (PreparedStatement write =
        connection.prepareStatement(
            isKnown
                ? "UPDATE headwater.process_source SET version = ?"
                    + " WHERE process = ? AND instance = ? AND stream_type = ? AND stream_id = ?"
                : "INSERT INTO headwater.process_source"
                    + " (version, process, instance, stream_type, stream_id)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      write.setLong(1, event.version());
      write.setString(2, process);
      write.setString(3, instance);
      write.setString(4, event.stream().type());
      write.setString(5, event.stream().id());
      write.executeUpdate();
    }
  }
}
