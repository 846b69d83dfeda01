package dev.headwater.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Commands that the instances of a process have decided on and that are not answered yet. */
final class CommandTable {
  private final String process;

  CommandTable(String process) {
    this.process = process;
  }

  void add(
      Connection connection,
      String instance,
      String commandId,
      String aggregateId,
      NewEvent command,
      Metadata metadata)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO headwater.process_command (process, instance, command_id, aggregate_id,"
                + " command_type, command, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, process);
      insert.setString(2, instance);
      insert.setString(3, commandId);
      insert.setString(4, aggregateId);
      insert.setString(5, command.type().toString());
      insert.setString(6, new String(command.data(), UTF_8));
      insert.setString(7, new String(metadata.toJson(), UTF_8));
      insert.executeUpdate();
    }
  }

  /** The one that is to be sent next. */
  Optional<PendingCommand> first(Connection connection, String instance) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT number, command_id, aggregate_id, command_type, command, metadata"
                + " FROM headwater.process_command WHERE process = ? AND instance = ?"
                + " ORDER BY number LIMIT 1")) {
      select.setString(1, process);
      select.setString(2, instance);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new PendingCommand(
                    rows.getLong(1),
                    rows.getString(2),
                    rows.getString(3),
                    EventType.parse(rows.getString(4)),
                    rows.getString(5).getBytes(UTF_8),
                    Metadata.fromJson(rows.getString(6).getBytes(UTF_8))))
            : Optional.empty();
      }
    }
  }

  /** False if somebody else has removed it. */
  boolean remove(Connection connection, PendingCommand command) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM headwater.process_command WHERE number = ?")) {
      delete.setLong(1, command.number());
      return delete.executeUpdate() == 1;
    }
  }
}
