package dev.headwater.projection;

import dev.headwater.projection.HeadTable.Look;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the heads of the store once in a while, and writes them where analysts see them. A
 * failure is of no consequence: the projections report the same, and the next look mends it.
 */
final class HeadWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);

  /** An idle store is written every so many looks. */
  private static final int IDLE_ROUNDS = 10;

  /** How much later than announced a look may come before it counts as overdue. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Heads heads;
  private final Transactions database;
  private final Duration interval;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Look last = new Look(List.of(), System.nanoTime());
  private int rounds;

  HeadWatch(Heads heads, Transactions database, Duration interval) {
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
      long began = System.nanoTime();
      Look now = new Look(heads.refresh(), began);
      rounds++;
      if (!now.heads().equals(last.heads()) || rounds >= IDLE_ROUNDS) {
        write(now);
        rounds = 0;
      }
      last = now;
    } catch (SQLException | RuntimeException e) {
      rounds = IDLE_ROUNDS;
      LOG.debug("heads of the store were not updated: {}", Failures.describe(e));
    }
  }

  private void write(Look now) throws SQLException {
    Duration overdue = interval.multipliedBy(IDLE_ROUNDS).plus(GRACE);
    database.run(
        connection -> {
          HeadTable.write(connection, last, now, overdue);
          return true;
        });
  }
}
