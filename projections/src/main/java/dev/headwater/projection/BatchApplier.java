package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.RowBatch;
import dev.headwater.store.PartitionBatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Applies events to a read model: rows and checkpoints in one transaction, or neither. */
final class BatchApplier {
  private final Projection projection;
  private final EventDispatcher dispatcher;
  private final Checkpoints checkpoints;
  private final DataSource database;

  BatchApplier(Projection projection, EventDispatcher dispatcher, DataSource database) {
    this.projection = projection;
    this.dispatcher = dispatcher;
    this.checkpoints = new Checkpoints(projection.name());
    this.database = database;
  }

  /** Work in a transaction. */
  @FunctionalInterface
  private interface Work<T> {
    T in(Connection connection) throws Exception;
  }

  /** What a session starts with. */
  record Opened(ReadModel readModel, List<Position> positions) {}

  /** Checks the tables and reads the checkpoints. */
  Opened open(List<Position> heads) throws Exception {
    return transaction(
        connection ->
            new Opened(
                ReadModel.check(connection, projection.tables()),
                checkpoints.load(connection, heads)));
  }

  /** Empties the tables and forgets the checkpoints. */
  void reset() throws Exception {
    transaction(
        connection -> {
          // Checkpoints first: that waits for another runner's transaction, whose rows go too.
          checkpoints.delete(connection);
          ReadModel.check(connection, projection.tables()).empty(connection);
          return true;
        });
  }

  /**
   * Applies batches and moves the checkpoints.
   *
   * @param from checkpoints of the partitions that move, {@code to} in the same order
   * @return when all was written and the commit began, in {@link System#nanoTime}
   */
  long apply(
      ReadModel readModel, List<PartitionBatch> batches, List<Position> from, List<Position> to)
      throws Exception {
    try {
      return apply(readModel, batches, from, to, false);
    } catch (Exception e) {
      if (!Failures.isRefusedByDatabase(e)) {
        throw e;
      }
      // Several events made the rows that the database refuses. Event by event shows which one.
      return apply(readModel, batches, from, to, true);
    }
  }

  private long apply(
      ReadModel readModel,
      List<PartitionBatch> batches,
      List<Position> from,
      List<Position> to,
      boolean flushEach)
      throws Exception {
    return transaction(
        connection -> {
          checkpoints.advance(connection, from, to);
          RowBatch rows = readModel.batch(connection);
          for (PartitionBatch batch : batches) {
            for (SequencedEvent event : batch.events()) {
              handle(batch.next().partition(), event, rows, flushEach);
            }
          }
          rows.flush();
          return System.nanoTime();
        });
  }

  private void handle(int partition, SequencedEvent event, RowBatch rows, boolean flush) {
    try {
      dispatcher.dispatch(event.event(), rows);
      if (flush) {
        rows.flush();
      }
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw new EventFailedException(projection.name(), partition, event, e);
    }
  }

  private <T> T transaction(Work<T> work) throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (Exception | Error e) {
        rollBack(connection, e);
        Failures.throwIfLost(connection, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
