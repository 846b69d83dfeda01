package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.event.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the heads of the store once in a while, and writes them where analysts see them. A
 * failure is of no consequence: the projections report the same, and the next look mends it.
 */
final class HeadWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);
  private static final int IDLE_ROUNDS = 10;

  private final Heads heads;
  private final DataSource database;
  private final Duration interval;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private List<Position> written = List.of();
  private int rounds;

  HeadWatch(Heads heads, DataSource database, Duration interval) {
    this.heads = heads;
    this.database = database;
    this.interval = interval;
  }

  void stop() {
    stopped.countDown();
  }

  @Override
  public void run() {
    try {
      do {
        look();
      } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      List<Position> now = heads.refresh();
      rounds++;
      if (!now.equals(written) || rounds >= IDLE_ROUNDS) {
        write(now);
        written = now;
        rounds = 0;
      }
    } catch (SQLException | RuntimeException e) {
      LOG.debug("heads of the store were not updated: {}", Failures.describe(e));
    }
  }

  private void write(List<Position> now) throws SQLException {
    String table = SCHEMA + ".partition_head";
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE "
                    + table
                    + " SET head_sequence = GREATEST(head_sequence, ?), head_seen_at = ?"
                    + " WHERE partition_no = ? AND epoch = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO "
                    + table
                    + " (head_sequence, head_seen_at, partition_no, epoch)"
                    + " VALUES (?, ?, ?, ?)")) {
      for (Position head : now) {
        if (execute(update, head) == 0) {
          execute(insert, head);
        }
      }
    }
  }

  private static int execute(PreparedStatement statement, Position head) throws SQLException {
    statement.setLong(1, head.sequence());
    statement.setObject(2, OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS));
    statement.setInt(3, head.partition());
    statement.setLong(4, head.epoch());
    return statement.executeUpdate();
  }
}
