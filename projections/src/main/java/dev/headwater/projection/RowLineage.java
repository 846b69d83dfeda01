package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.RowKey;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.ReadStream;
import dev.headwater.store.StoreWentBackException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells auditors which events made a row of a read model, where {@link Projection#lineage} is
 * switched on. Thread-safe.
 */
public final class RowLineage {
  private static final String LAST =
      "SELECT stream_type, stream_id, stream_version, event_type, partition_no, sequence FROM "
          + LineageTable.TABLE
          + " WHERE projection = ? AND version = ? AND table_name = ? AND row_key = ?"
          + " ORDER BY entry DESC LIMIT ?";

  private final Transactions database;
  private final ReadStream store;
  private final EventCodec codec;

  /** On a database and the store whose events are projected into it. */
  public RowLineage(DataSource database, ReadStream store, EventCodec codec) {
    this.database = new Transactions(database);
    this.store = store;
    this.codec = codec;
  }

  private record Pointer(
      StreamId stream, long version, String type, int partition, long sequence) {}

  /**
   * The last events that touched a row, in the order in which they were applied; none if lineage
   * was off, or the row never was. An event that touched it twice is there once.
   *
   * @param limit how many at most
   * @param table as the projection declares its name
   * @param key the values of its key columns, in the order of the declaration
   * @throws StoreWentBackException if the store does not have such an event
   * @throws dev.headwater.readmodel.ReadModelException if the database can't be read
   */
  public List<RowEvent> last(
      int limit, ProjectionId projection, String table, @Nullable Object... key) {
    List<Pointer> pointers =
        database.run(
            "lineage of table " + table + " can't be read",
            connection -> last(connection, limit, projection, table, RowKey.text(key)));
    return pointers.stream().map(this::resolved).toList();
  }

  private static List<Pointer> last(
      Connection connection, int limit, ProjectionId projection, String table, String key)
      throws SQLException {
    List<Pointer> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(LAST)) {
      select.setString(1, projection.name());
      select.setInt(2, projection.version());
      select.setString(3, table);
      select.setString(4, key);
      select.setInt(5, limit);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Pointer(
                  new StreamId(rows.getString(1), rows.getString(2)),
                  rows.getLong(3),
                  rows.getString(4),
                  rows.getInt(5),
                  rows.getLong(6)));
        }
      }
    }
    Collections.reverse(found);
    return found;
  }

  private RowEvent resolved(Pointer pointer) {
    List<RecordedEvent> stored =
        store.read(pointer.stream(), pointer.version(), ReadStream.Direction.FORWARD, 1);
    if (stored.isEmpty() || !stored.getFirst().type().toString().equals(pointer.type())) {
      throw new StoreWentBackException(
          "the store does not have event "
              + pointer.type()
              + " of stream "
              + pointer.stream()
              + " at version "
              + pointer.version()
              + ", which made a row; it is not the store of this database, or has lost events");
    }
    RecordedEvent event = stored.getFirst();
    return new RowEvent(pointer.partition(), pointer.sequence(), codec.decode(event), event);
  }
}
