package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.projection.ParkedQueue.Pointer;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.ReadStream;
import dev.headwater.store.StoreWentBackException;
import java.sql.Connection;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Applies the waiting events of parked aggregates of one projection. */
final class ParkedRetry {
  private final Projection projection;
  private final @Nullable String schema;
  private final ProjectionId id;
  private final EventDispatcher dispatcher;
  private final Checkpoints checkpoints;
  private final StoredEvents stored;
  private final ReadPartitions partitions;

  <S extends ReadStream & ReadPartitions> ParkedRetry(
      S store, EventCodec codec, Projection projection) {
    this.projection = projection;
    this.id = ProjectionId.of(projection);
    this.schema = VersionSchema.of(projection);
    this.dispatcher = new EventDispatcher(codec, projection);
    this.checkpoints = new Checkpoints(id);
    this.stored = new StoredEvents(store);
    this.partitions = store;
  }

  ProjectionId id() {
    return id;
  }

  /** A waiting event failed again; ends the attempt. */
  private static final class StillFailing extends Exception {
    private final transient Culprit culprit;

    StillFailing(Culprit culprit) {
      super(culprit.cause());
      this.culprit = culprit;
    }
  }

  /** All waiting events of an aggregate in the connection's transaction, or none. */
  synchronized Retried retry(Connection connection, StreamId stream, String who) throws Exception {
    // As an applier does: so they take turns, and the queue ends where this transaction finds it.
    checkpoints.lock(connection);
    ParkedQueue queue = new ParkedQueue(connection);
    Optional<ParkedAggregate> parked = queue.lock(id, stream);
    if (parked.isEmpty()) {
      return new Retried.NotParked();
    }
    requireSameHistory(parked.get());
    ParkingDecisions decisions = new ParkingDecisions(connection, id, stream);
    if (schema != null) {
      VersionTable.requireAlive(connection, id);
    }
    ReadModel readModel = LineageTable.readModel(connection, projection);
    Savepoint before = connection.setSavepoint();
    try {
      long applied = applyWaiting(queue, parked.get(), readModel);
      queue.release(id, stream);
      decisions.retried(who, applied, null);
      return new Retried.Applied(applied);
    } catch (StillFailing failing) {
      connection.rollback(before);
      queue.failedAgain(id, stream, failing.culprit);
      decisions.retried(who, 0, ParkingTables.error(failing.culprit.cause()));
      return new Retried.StillParked(queue.find(id, stream).orElseThrow());
    }
  }

  private void requireSameHistory(ParkedAggregate parked) {
    long epoch = partitions.head(parked.partition()).epoch();
    if (epoch != parked.epoch()) {
      throw new StoreWentBackException(
          "the waiting events of "
              + parked.stream()
              + " are of another history than the store's; replay projection "
              + id);
    }
  }

  private long applyWaiting(ParkedQueue queue, ParkedAggregate parked, ReadModel readModel)
      throws Exception {
    Isolation isolation =
        new Isolation(queue.connection(), readModel, dispatcher, true, new FailAtFirst());
    long applied = 0;
    long next = 1;
    List<Pointer> page;
    do {
      page = queue.waiting(id, parked.stream(), next, ReadStream.PAGE);
      isolation.apply(resolved(parked, page));
      applied += page.size();
      next = page.isEmpty() ? next : page.getLast().version() + 1;
    } while (page.size() == ReadStream.PAGE);
    return applied;
  }

  private List<PartitionEvent> resolved(ParkedAggregate parked, List<Pointer> page) {
    List<PartitionEvent> events = new ArrayList<>();
    for (WaitingEvent waiting : stored.of(parked.stream(), page)) {
      if (waiting.stored() == null) {
        throw new StoreWentBackException(
            "the store does not have event "
                + waiting.type()
                + " of stream "
                + parked.stream()
                + " at version "
                + waiting.version()
                + ", which waits; replay projection "
                + id);
      }
      SequencedEvent event = new SequencedEvent(waiting.sequence(), waiting.stored());
      events.add(new PartitionEvent(parked.partition(), parked.epoch(), event, null));
    }
    return events;
  }

  private static final class FailAtFirst implements Isolation.Verdict {
    @Override
    public boolean waits(PartitionEvent event) {
      return false;
    }

    @Override
    public void blame(Culprit culprit) throws StillFailing {
      throw new StillFailing(culprit);
    }
  }
}
