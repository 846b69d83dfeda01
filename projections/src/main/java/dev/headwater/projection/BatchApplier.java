package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Failures.Blame;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.RowBatch;
import dev.headwater.store.PartitionBatch;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
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
  private final Transactions transactions;

  BatchApplier(
      Projection projection, EventDispatcher dispatcher, DataSource database, ParkingLimit limit) {
    this.projection = projection;
    this.dispatcher = dispatcher;
    this.checkpoints = new Checkpoints(projection.name());
    this.parked = new ParkedStreams(ProjectionId.of(projection));
    this.limit = limit;
    this.transactions = new Transactions(database);
  }

  /** What a session starts with. */
  record Opened(ReadModel readModel, List<Position> positions) {}

  /** Checks the tables, and reads the checkpoints and what is parked. */
  Opened open(List<Position> heads) throws Exception {
    return transactions.run(
        connection -> {
          ReadModel readModel = ReadModel.check(connection, projection.tables());
          List<Position> positions = checkpoints.load(connection, heads);
          parked.load(connection);
          return new Opened(readModel, positions);
        });
  }

  /** Empties the tables and forgets the checkpoints and what is parked. */
  void reset() throws Exception {
    transactions.run(
        connection -> {
          // Checkpoints first: that waits for another runner's transaction, whose rows go too.
          checkpoints.delete(connection);
          parked.clear(connection);
          ReadModel.check(connection, projection.tables()).empty(connection);
          return true;
        });
  }

  /** How much is parked, as last seen. */
  ParkedCount parked() {
    return parked.count();
  }

  /** Looks what operators have resolved meanwhile. */
  void refreshParked() throws Exception {
    transactions.run(
        connection -> {
          parked.load(connection);
          return true;
        });
  }

  /**
   * Applies batches and moves the checkpoints. Aggregates with events that can't be applied are
   * parked.
   *
   * @param from checkpoints of the partitions that move, {@code to} in the same order
   * @param blameUnexplained whether failures of a handler that nothing explains are its event's
   */
  void apply(
      ReadModel readModel,
      List<PartitionBatch> batches,
      List<Position> from,
      List<Position> to,
      boolean blameUnexplained)
      throws Exception {
    try {
      List<Delivered> waiting =
          transactions.run(connection -> applyAll(connection, readModel, batches, from, to));
      parked.committed(List.of(), waiting);
    } catch (Exception e) {
      if (Failures.blame(e, blameUnexplained) == Blame.NO_EVENT) {
        throw e;
      }
      isolate(readModel, batches, from, to, blameUnexplained);
    }
  }

  private List<Delivered> applyAll(
      Connection connection,
      ReadModel readModel,
      List<PartitionBatch> batches,
      List<Position> from,
      List<Position> to)
      throws Exception {
    checkpoints.advance(connection, from, to);
    Set<StreamId> held = parked.hold(connection, batches);
    List<Delivered> waiting = new ArrayList<>();
    RowBatch rows = readModel.batch(connection);
    for (PartitionBatch batch : batches) {
      for (SequencedEvent event : batch.events()) {
        if (!held.isEmpty() && held.contains(event.event().stream())) {
          waiting.add(Delivered.of(batch, event));
        } else {
          dispatcher.dispatch(batch.next().partition(), event, rows);
        }
      }
    }
    rows.flush();
    parked.enqueue(connection, waiting);
    return waiting;
  }

  /** The same once more, but it leaves out what can't be applied. */
  private void isolate(
      ReadModel readModel,
      List<PartitionBatch> batches,
      List<Position> from,
      List<Position> to,
      boolean blameUnexplained)
      throws Exception {
    List<Delivered> events = Delivered.of(batches);
    NewlyParked newly =
        transactions.run(
            connection -> {
              checkpoints.advance(connection, from, to);
              Set<StreamId> held = parked.hold(connection, batches);
              long before = parked.parkedWithin(connection, limit.window());
              NewlyParked found = new NewlyParked(projection.name(), held, limit, before);
              new Isolation(connection, readModel, dispatcher, blameUnexplained, found)
                  .apply(events);
              List<Delivered> waiting = found.waitingOf(events);
              parked.park(connection, found.culprits(), waiting);
              parked.enqueue(connection, waiting);
              return found;
            });
    parked.committed(newly.culprits(), newly.waitingOf(events));
    newly.culprits().forEach(this::report);
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
