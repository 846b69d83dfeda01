package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.event.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The rows of {@code headwater.partition_head}: how far the store had come, by the last look. */
final class HeadTable {
  private static final String TABLE = SCHEMA + ".partition_head";
  private static final String AGO =
      "CURRENT_TIMESTAMP - CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";
  private static final String GREW = "CAST(? AS BIGINT) > head_sequence";

  /** When the head was last seen as it is in the row; the look before this one may be newer. */
  private static final String LAST_LOOK =
      "GREATEST(head_seen_at, CASE WHEN CAST(? AS BIGINT) = head_sequence THEN "
          + AGO
          + " ELSE head_seen_at END)";

  private static final String NOBODY_NEEDS_PIN =
      "NOT EXISTS (SELECT 1 FROM "
          + Checkpoints.TABLE
          + " c WHERE c.partition_no = h.partition_no AND c.epoch = h.epoch"
          + " AND c.sequence >= h.pin_sequence AND c.sequence < h.head_sequence)";

  private static final String UPDATE =
      "UPDATE "
          + TABLE
          + " h SET pin_sequence = CASE WHEN "
          + GREW
          + " AND "
          + NOBODY_NEEDS_PIN
          + " THEN head_sequence ELSE pin_sequence END, pin_at = CASE WHEN "
          + GREW
          + " AND "
          + NOBODY_NEEDS_PIN
          + " THEN "
          + LAST_LOOK
          + " ELSE pin_at END, still_sequence = CASE WHEN "
          + GREW
          + " THEN head_sequence ELSE still_sequence END, still_at = CASE WHEN "
          + GREW
          + " THEN "
          + LAST_LOOK
          + " ELSE still_at END, head_sequence = GREATEST(head_sequence, ?), head_seen_at ="
          + " GREATEST(head_seen_at, "
          + AGO
          + "), next_look_by = GREATEST(COALESCE(next_look_by, "
          + AGO
          + "), "
          + AGO
          + ") WHERE partition_no = ? AND epoch = ?";

  private static final String INSERT =
      "INSERT INTO "
          + TABLE
          + " (head_sequence, head_seen_at, next_look_by, partition_no, epoch) VALUES (?, "
          + AGO
          + ", "
          + AGO
          + ", ?, ?)";

  private HeadTable() {}

  /**
   * A look at the store.
   *
   * @param heads by number of the partition
   * @param nanos when it began, as {@code nanoTime}
   */
  record Look(List<Position> heads, long nanos) {
    long millisAgo() {
      return (System.nanoTime() - nanos) / 1_000_000;
    }
  }

  /** Writes a look, in the order of partitions, as each instance does. */
  static void write(Connection connection, Look before, Look now, Duration untilNext)
      throws SQLException {
    List<Position> missing = new ArrayList<>();
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      for (Position head : now.heads()) {
        bindUpdate(update, head, before, now, untilNext);
        update.addBatch();
      }
      int[] counts = update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          missing.add(now.heads().get(i));
        }
      }
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (Position head : missing) {
        bind(insert, seen(head, now, untilNext));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void bindUpdate(
      PreparedStatement update, Position head, Look before, Look now, Duration untilNext)
      throws SQLException {
    long sequence = head.sequence();
    int partition = head.partition();
    boolean known = partition < before.heads().size();
    long last = known ? before.heads().get(partition).sequence() : -1;
    long lastAgo = before.millisAgo();
    List<Long> values =
        new ArrayList<>(
            List.of(sequence, sequence, last, lastAgo, sequence, sequence, last, lastAgo));
    List<Long> seen = seen(head, now, untilNext);
    values.addAll(seen.subList(0, 3));
    values.addAll(seen.subList(2, seen.size())); // what another one has promised holds too
    bind(update, values);
  }

  private static List<Long> seen(Position head, Look now, Duration untilNext) {
    return List.of(
        head.sequence(),
        now.millisAgo(),
        -untilNext.toMillis(),
        (long) head.partition(),
        head.epoch());
  }

  private static void bind(PreparedStatement statement, List<Long> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setLong(i + 1, values.get(i));
    }
  }
}
