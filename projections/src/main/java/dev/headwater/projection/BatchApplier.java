package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Failures.Blame;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.RowBatch;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies events to a read model: rows, parked events and checkpoints in one transaction, or none
 * of them. Not thread-safe.
 */
final class BatchApplier {
  private static final Logger LOG = LoggerFactory.getLogger(BatchApplier.class);

  private final Projection projection;
  private final EventDispatcher dispatcher;
  private final Checkpoints checkpoints;
  private final ParkedStreams parked;
  private final ParkingLimit limit;
  private final Transactions database;

  /** Where the tables are; null for the default schema. */
  private final @Nullable String schema;

  BatchApplier(
      Projection projection,
      EventDispatcher dispatcher,
      Transactions database,
      ParkingLimit limit) {
    this.projection = projection;
    this.dispatcher = dispatcher;
    this.checkpoints = new Checkpoints(ProjectionId.of(projection));
    this.parked = new ParkedStreams(ProjectionId.of(projection));
    this.limit = limit;
    this.database = database;
    this.schema = VersionSchema.of(projection);
  }

  /** Checks the tables. */
  ReadModel check() throws Exception {
    requireAlive();
    return database.run(connection -> LineageTable.readModel(connection, projection));
  }

  /**
   * Checks that the version was not dropped.
   *
   * @throws VersionDroppedException if it was
   */
  void requireAlive() throws Exception {
    if (schema != null) {
      database.run(
          connection -> {
            VersionTable.requireAlive(connection, ProjectionId.of(projection));
            return true;
          });
    }
  }

  /** Takes what is due; the checkpoints of what this instance owns then. */
  List<Checkpoint> settle(Ownership ownership, List<Position> starts, BooleanSupplier stop)
      throws Exception {
    List<Checkpoint> mine = ownership.settle(database, checkpoints, starts, stop);
    refreshParked(); // nobody else parks anything in these partitions from now on
    return mine;
  }

  /** How much is parked, as last seen. */
  ParkedCount parked() {
    return parked.count();
  }

  /** Looks what is parked now. */
  void refreshParked() throws Exception {
    database.run(
        connection -> {
          parked.load(connection);
          return true;
        });
  }

  /**
   * Empties the tables, forgets the checkpoints and what is parked; all partitions are to be taken
   * anew.
   */
  void reset(Ownership ownership) throws Exception {
    database.run(
        connection -> {
          ownership.revoke(connection);
          // Checkpoints first: that waits for another runner's transaction, whose rows go too.
          checkpoints.delete(connection);
          parked.clear(connection);
          ReadModel.check(connection, schema, projection.tables()).empty(connection);
          LineageTable.clear(connection, ProjectionId.of(projection));
          return true;
        });
  }

  /**
   * Applies events and moves the checkpoints. Aggregates with events that can't be applied are
   * parked.
   *
   * @param from checkpoints of the partitions that move, {@code to} in the same order
   * @param blameUnexplained whether failures of a handler that nothing explains are its event's
   * @return when all was written and the commit began, in {@link System#nanoTime}
   * @throws FencedException if others have taken partitions; nothing was written
   */
  long apply(
      ReadModel readModel,
      List<PartitionEvent> events,
      List<Checkpoint> from,
      List<Position> to,
      boolean blameUnexplained)
      throws Exception {
    try {
      return committed(
          database.run(connection -> applyAll(connection, readModel, events, from, to)));
    } catch (Exception e) {
      if (Failures.blame(e, blameUnexplained) == Blame.NO_EVENT) {
        requireAlive(e);
        throw e;
      }
      return committed(
          database.run(
              connection -> isolate(connection, readModel, events, from, to, blameUnexplained)));
    }
  }

  /** What a transaction parked and wrote, and when it had. */
  private record Written(Collection<Culprit> culprits, List<PartitionEvent> waiting, long at) {}

  private long committed(Written written) {
    parked.committed(written.culprits(), written.waiting());
    written.culprits().forEach(this::report);
    return written.at();
  }

  /** Where the tables are gone, says so if the version was dropped. */
  private void requireAlive(Exception failure) throws Exception {
    if (schema != null && Failures.stateAfter(failure) == ProjectionState.FAILED) {
      database.run(
          connection -> {
            VersionTable.requireAlive(connection, ProjectionId.of(projection));
            return true;
          });
    }
  }

  private Written applyAll(
      Connection connection,
      ReadModel readModel,
      List<PartitionEvent> events,
      List<Checkpoint> from,
      List<Position> to)
      throws Exception {
    checkpoints.advance(connection, from, to);
    Set<StreamId> held = parked.hold(connection, events);
    List<PartitionEvent> waiting = new ArrayList<>();
    RowBatch rows = readModel.batch(connection);
    for (PartitionEvent event : events) {
      if (!held.isEmpty() && held.contains(event.stream())) {
        waiting.add(event);
      } else {
        dispatcher.dispatch(event, rows);
      }
    }
    rows.flush();
    parked.enqueue(connection, waiting);
    return new Written(List.of(), waiting, System.nanoTime());
  }

  /** The same once more, but it leaves out what can't be applied. */
  private Written isolate(
      Connection connection,
      ReadModel readModel,
      List<PartitionEvent> events,
      List<Checkpoint> from,
      List<Position> to,
      boolean blameUnexplained)
      throws Exception {
    checkpoints.advance(connection, from, to);
    Set<StreamId> held = parked.hold(connection, events);
    long before = parked.parkedWithin(connection, limit.window());
    NewlyParked newly = new NewlyParked(projection.name(), held, limit, before);
    new Isolation(connection, readModel, dispatcher, blameUnexplained, newly).apply(events);
    List<PartitionEvent> waiting = newly.waitingOf(events);
    parked.park(connection, newly.culprits(), waiting);
    parked.enqueue(connection, waiting);
    return new Written(newly.culprits(), waiting, System.nanoTime());
  }

  private void report(Culprit culprit) {
    LOG.warn(
        "projection {} parks aggregate {}, whose event at version {} it can't apply: {}",
        projection.name(),
        culprit.event().stream(),
        culprit.event().version(),
        Failures.describe(culprit.cause()));
  }
}
