package dev.headwater.projection;

import static dev.headwater.projection.ParkingTables.AGGREGATE;
import static dev.headwater.projection.ParkingTables.EVENT;
import static dev.headwater.projection.ParkingTables.OF_PROJECTION;
import static dev.headwater.projection.ParkingTables.OF_STREAM;
import static dev.headwater.projection.ParkingTables.bind;

import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.PartitionBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parked aggregates of one projection, as the thread that applies its events sees them. Not
 * thread-safe.
 *
 * <p>It knows them from the moment it reads the checkpoints. None is added behind its back, because
 * parking moves a checkpoint; but operators resolve some, so {@link #hold} asks the database about
 * those that a batch concerns. While nothing is parked, nothing is asked.
 */
final class ParkedStreams {
  private final ProjectionId id;
  private final Map<StreamId, Long> known = new HashMap<>();

  ParkedStreams(ProjectionId id) {
    this.id = id;
  }

  /** Reads them anew; in the transaction that reads the checkpoints, or between two batches. */
  void load(Connection connection) throws SQLException {
    String sql = "SELECT stream_type, stream_id, waiting_events FROM " + AGGREGATE + OF_PROJECTION;
    Map<StreamId, Long> found = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      bind(select, 1, id);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.put(new StreamId(rows.getString(1), rows.getString(2)), rows.getLong(3));
        }
      }
    }
    known.clear();
    known.putAll(found);
  }

  /** Whether a stream was among them when last looked at. */
  boolean contains(StreamId stream) {
    return known.containsKey(stream);
  }

  /** Those that were among them when last looked at, by their names. */
  List<StreamId> streams() {
    return known.keySet().stream().sorted(Comparator.comparing(StreamId::toString)).toList();
  }

  /** How many there were when last looked at. */
  ParkedCount count() {
    return known.isEmpty()
        ? ParkedCount.NONE
        : new ParkedCount(known.size(), known.values().stream().mapToLong(Long::longValue).sum());
  }

  /**
   * Which aggregates of these batches are parked. They stay so until the transaction ends: an
   * operator who resolves one waits for that, or is waited for here. Their events have to be {@link
   * #enqueue}d in the same transaction, as they are counted already.
   */
  Set<StreamId> hold(Connection connection, List<PartitionBatch> batches) throws SQLException {
    if (known.isEmpty()) {
      return Set.of();
    }
    Map<StreamId, Long> arriving = new LinkedHashMap<>();
    for (PartitionBatch batch : batches) {
      for (SequencedEvent event : batch.events()) {
        StreamId stream = event.event().stream();
        if (known.containsKey(stream)) {
          arriving.merge(stream, 1L, Long::sum);
        }
      }
    }
    return arriving.isEmpty() ? Set.of() : hold(connection, arriving);
  }

  private Set<StreamId> hold(Connection connection, Map<StreamId, Long> arriving)
      throws SQLException {
    String sql = "UPDATE " + AGGREGATE + " SET waiting_events = waiting_events + ?" + OF_STREAM;
    Set<StreamId> held = new HashSet<>();
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      List<StreamId> streams = List.copyOf(arriving.keySet());
      for (StreamId stream : streams) {
        update.setLong(1, arriving.getOrDefault(stream, 0L));
        bind(update, 2, id, stream);
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          known.remove(streams.get(i));
        } else {
          held.add(streams.get(i));
        }
      }
    }
    return held;
  }

  /** How many were parked within the past {@code window} and still are. */
  long parkedWithin(Connection connection, Duration window) throws SQLException {
    String sql = "SELECT COUNT(*) FROM " + AGGREGATE + OF_PROJECTION + " AND parked_at > ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      int next = bind(select, 1, id);
      select.setObject(next, now(connection).minus(window));
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** By the database's clock, which is the same for all instances. */
  private static OffsetDateTime now(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT CURRENT_TIMESTAMP");
        ResultSet rows = select.executeQuery()) {
      rows.next();
      return rows.getObject(1, OffsetDateTime.class);
    }
  }

  /**
   * Parks the aggregates of these events, with all the events that wait because of that: they have
   * to be {@link #enqueue}d in the same transaction.
   */
  void park(Connection connection, Collection<Culprit> culprits, List<PartitionEvent> waiting)
      throws SQLException {
    if (culprits.isEmpty()) {
      return;
    }
    Map<StreamId, Long> counts = new HashMap<>();
    waiting.forEach(event -> counts.merge(event.stream(), 1L, Long::sum));
    String sql =
        "INSERT INTO "
            + AGGREGATE
            + " (projection, version, stream_type, stream_id, partition_no, epoch, first_sequence,"
            + " failed_stream_version, error_class, error, waiting_events, attempts, parked_at,"
            + " last_try_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Culprit culprit : culprits) {
        PartitionEvent event = culprit.event();
        int next = bind(insert, 1, id, event.stream());
        insert.setInt(next++, event.partition());
        insert.setLong(next++, event.epoch());
        insert.setLong(next++, event.event().sequence());
        insert.setLong(next++, event.version());
        insert.setString(next++, ParkingTables.errorClass(culprit.cause()));
        insert.setString(next++, ParkingTables.error(culprit.cause()));
        insert.setLong(next++, counts.getOrDefault(event.stream(), 0L));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Puts events behind those that wait already. */
  void enqueue(Connection connection, List<PartitionEvent> events) throws SQLException {
    if (events.isEmpty()) {
      return;
    }
    String sql =
        "INSERT INTO "
            + EVENT
            + " (projection, version, stream_type, stream_id, stream_version, partition_no, epoch,"
            + " sequence, event_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (PartitionEvent event : events) {
        int next = bind(insert, 1, id, event.stream());
        insert.setLong(next++, event.version());
        insert.setInt(next++, event.partition());
        insert.setLong(next++, event.epoch());
        insert.setLong(next++, event.event().sequence());
        insert.setString(next++, event.event().event().type().toString());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Notes, after the commit, what was parked and what was put behind. */
  void committed(Collection<Culprit> culprits, List<PartitionEvent> enqueued) {
    culprits.forEach(culprit -> known.put(culprit.event().stream(), 0L));
    enqueued.forEach(event -> known.merge(event.stream(), 1L, Long::sum));
  }

  /** Forgets everything that is parked, because the projection begins anew. */
  void clear(Connection connection) throws SQLException {
    for (String table : List.of(EVENT, AGGREGATE)) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM " + table + OF_PROJECTION)) {
        bind(delete, 1, id);
        delete.executeUpdate();
      }
    }
  }
}
