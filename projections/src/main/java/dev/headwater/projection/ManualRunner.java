package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.RowBatch;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Applies events to one projection when it is told to, on the caller's thread: for tests. Rows are
 * written as {@link ProjectionRunner} writes them; there are no leases, no checkpoints in the
 * database, no second attempts, and nothing is parked. Not thread-safe.
 *
 * <p>The order is the same each time: partition by partition, so that of the commits where the
 * store has one partition.
 */
public final class ManualRunner {
  private final InMemoryEventStore store;
  private final Projection projection;
  private final EventDispatcher dispatcher;
  private final Transactions database;
  private List<Position> reached;

  /**
   * A runner before the first event.
   *
   * @param database where the tables of the projection are
   * @throws IllegalArgumentException if the projection handles no event
   */
  public ManualRunner(
      InMemoryEventStore store, EventCodec codec, DataSource database, Projection projection) {
    this.store = store;
    this.projection = projection;
    this.dispatcher = new EventDispatcher(codec, projection);
    this.database = new Transactions(database);
    this.reached = starts();
  }

  private List<Position> starts() {
    return IntStream.range(0, store.partitionCount())
        .mapToObj(partition -> Position.start(partition, store.head(partition).epoch()))
        .toList();
  }

  /**
   * Applies what has been stored and not yet applied, each commit in a transaction of its own.
   * After a failure the next call begins at the commit that failed.
   *
   * @throws RuntimeException if an event can't be handled or its rows can't be written; says which
   */
  public void catchUp() {
    apply(1);
  }

  /**
   * Empties the tables and applies everything again, as a replay does: many commits in one
   * transaction, in which the changes of a row merge.
   *
   * @throws RuntimeException as for {@link #catchUp}
   */
  public void replay() {
    run(
        connection -> {
          ReadModel.check(connection, VersionSchema.of(projection), projection.tables())
              .empty(connection);
          if (projection.lineage()) {
            LineageTable.clear(connection, ProjectionId.of(projection));
          }
          return true;
        });
    reached = starts();
    apply(RunnerSettings.DEFAULT.batchEvents());
  }

  private void apply(int maxEvents) {
    SubscriptionSpec spec =
        new SubscriptionSpec(
            ProjectionId.of(projection).toString(),
            "manual",
            reached,
            dispatcher::wants,
            maxEvents);
    try (Subscription subscription = store.subscribe(spec)) {
      List<PartitionBatch> batches = subscription.poll(Duration.ZERO);
      while (!batches.isEmpty()) {
        List<PartitionBatch> next = batches;
        run(connection -> write(connection, next));
        advance(next);
        batches = subscription.poll(Duration.ZERO);
      }
    }
  }

  private boolean write(Connection connection, List<PartitionBatch> batches) throws Exception {
    RowBatch rows = LineageTable.readModel(connection, projection).batch(connection);
    for (PartitionBatch batch : batches) {
      for (SequencedEvent event : batch.events()) {
        dispatcher.dispatch(batch.next().partition(), event, rows);
      }
    }
    rows.flush();
    return true;
  }

  private void advance(List<PartitionBatch> batches) {
    List<Position> moved = new ArrayList<>(reached);
    batches.forEach(batch -> moved.set(batch.next().partition(), batch.next()));
    reached = List.copyOf(moved);
  }

  private void run(Transactions.Work<Boolean, Exception> work) {
    try {
      database.run(work);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ReadModelException(
          "projection " + ProjectionId.of(projection) + ": " + Failures.describe(e), e);
    }
  }
}
