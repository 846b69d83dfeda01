package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.RowBatch;
import dev.headwater.store.PartitionBatch;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Applies events to a read model: rows and checkpoints in one transaction, or neither. */
final class BatchApplier {
  private final Projection projection;
  private final EventDispatcher dispatcher;
  private final Checkpoints checkpoints;
  private final Transactions database;

  /** Where the tables are; null for the default schema. */
  private final @Nullable String schema;

  BatchApplier(Projection projection, EventDispatcher dispatcher, Transactions database) {
    this.projection = projection;
    this.dispatcher = dispatcher;
    this.checkpoints = new Checkpoints(ProjectionId.of(projection));
    this.database = database;
    this.schema = VersionSchema.of(projection);
  }

  /** Checks the tables. */
  ReadModel check() throws Exception {
    return database.run(
        connection -> {
          if (schema != null) {
            VersionTable.requireAlive(connection, ProjectionId.of(projection));
          }
          return LineageTable.readModel(connection, projection);
        });
  }

  /** Takes what is due; the checkpoints of what this instance owns then. */
  List<Checkpoint> settle(Ownership ownership, List<Position> starts, BooleanSupplier stop)
      throws Exception {
    return ownership.settle(database, checkpoints, starts, stop);
  }

  /** Empties the tables and forgets the checkpoints; all partitions are to be taken anew. */
  void reset(Ownership ownership) throws Exception {
    database.run(
        connection -> {
          ownership.revoke(connection);
          // Checkpoints first: that waits for another runner's transaction, whose rows go too.
          checkpoints.delete(connection);
          ReadModel.check(connection, schema, projection.tables()).empty(connection);
          LineageTable.clear(connection, ProjectionId.of(projection));
          return true;
        });
  }

  /**
   * Applies batches and moves the checkpoints.
   *
   * @param from checkpoints of the partitions that move, {@code to} in the same order
   * @return when all was written and the commit began, in {@link System#nanoTime}
   * @throws FencedException if others have taken partitions; nothing was written
   */
  long apply(
      ReadModel readModel, List<PartitionBatch> batches, List<Checkpoint> from, List<Position> to)
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
      List<Checkpoint> from,
      List<Position> to,
      boolean flushEach)
      throws Exception {
    return database.run(
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
      rows.handling(partition, event);
      dispatcher.dispatch(event.event(), rows);
      if (flush) {
        rows.flush();
      }
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw new EventFailedException(projection.name(), partition, event, e);
    }
  }
}
