package dev.headwater.projection;

import static dev.headwater.projection.VersionSwitch.positions;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.SchemaComparison;
import dev.headwater.readmodel.Snapshots;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.SubscribeToPartitions;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/*
 * Both versions have to be read at the same position although events keep coming and other processes
 * may run either. So: lock the checkpoints of the one that does not serve, which holds it where it
 * is; wait until the one that serves has come as far; begin a transaction that sees this moment; in
 * it apply to the held one the few events that the other has more; compare; roll back. The version
 * that serves is neither stopped nor written to, and nothing of this is ever committed.
 */

/** Compares a version with the one that serves. Used once. */
final class VersionComparison {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long it is held while the other one comes up; shorter than H2 waits for a lock. */
  private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** So many events may be applied in the transaction that is rolled back. */
  private static final long MAX_GAP = 50_000;

  private final DataSource database;
  private final SubscribeToPartitions store;
  private final EventCodec codec;
  private final ProjectionId serving;
  private final Projection code;
  private final ProjectionId other;

  VersionComparison(
      DataSource database,
      SubscribeToPartitions store,
      EventCodec codec,
      ProjectionId serving,
      Projection code) {
    this.database = database;
    this.store = store;
    this.codec = codec;
    this.serving = serving;
    this.code = code;
    this.other = ProjectionId.of(code);
  }

  Comparison compare(long deadline, int samples) {
    try (Connection hold = database.getConnection();
        Connection snapshot = database.getConnection()) {
      hold.setAutoCommit(false);
      try {
        awaitClose(hold, deadline);
        holdBehindServing(hold, deadline);
        Snapshots.begin(snapshot);
        return compareIn(snapshot, deadline, samples);
      } finally {
        snapshot.rollback();
        hold.rollback();
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ReadModelException(
          other + " can't be compared with " + serving + ": " + Failures.describe(e), e);
    }
  }

  private static List<Position> stored(Connection connection, ProjectionId id) throws SQLException {
    return positions(new Checkpoints(id).stored(connection));
  }

  private void awaitClose(Connection connection, long deadline) throws SQLException {
    while (true) {
      long behind = Gap.between(stored(connection, other), stored(connection, serving));
      connection.rollback();
      if (behind <= MAX_GAP) {
        return;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new IllegalStateException(
            other
                + " is "
                + behind
                + " events behind "
                + serving
                + "; compare them when it has caught up");
      }
      LockSupport.parkNanos(10 * POLL_NANOS);
    }
  }

  /** Tries until the deadline; then what follows compares at different positions, and says so. */
  private void holdBehindServing(Connection hold, long deadline) throws SQLException {
    while (true) {
      List<Position> held = positions(new Checkpoints(other).lock(hold));
      long release = System.nanoTime() + HOLD_NANOS;
      while (true) {
        if (Gap.between(stored(hold, serving), held) == 0 || System.nanoTime() - deadline >= 0) {
          return;
        }
        if (System.nanoTime() - release >= 0) {
          break;
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
      hold.rollback();
    }
  }

  private Comparison compareIn(Connection snapshot, long deadline, int samples) throws Exception {
    List<Position> target = stored(snapshot, serving);
    List<Position> at = stored(snapshot, other);
    long ahead = Gap.between(target, at);
    long behind = Gap.between(at, target);
    Parked parked = new Parked(streams(snapshot, other));
    if (behind > 0) {
      behind = bringForward(snapshot, at, target, parked, deadline);
    }
    SchemaComparison found =
        SchemaComparison.of(snapshot, code.tables(), serving.schema(), other.schema(), samples);
    return new Comparison(
        serving,
        other,
        ahead + behind,
        found.tables(),
        found.onlyServing(),
        found.onlyOther(),
        streams(snapshot, serving),
        List.copyOf(parked.streams));
  }

  private static List<StreamId> streams(Connection connection, ProjectionId id)
      throws SQLException {
    ParkedStreams parked = new ParkedStreams(id);
    parked.load(connection);
    return parked.streams();
  }

  /** What the other version has parked, and would park among the events that it lacks. */
  private static final class Parked implements Isolation.Verdict {
    final Set<StreamId> streams;

    Parked(List<StreamId> streams) {
      this.streams = new LinkedHashSet<>(streams);
    }

    @Override
    public boolean waits(PartitionEvent event) {
      return streams.contains(event.stream());
    }

    @Override
    public void blame(Culprit culprit) {
      streams.add(culprit.event().stream());
    }
  }

  /** Applies what is missing; the number of events that could not be read until the deadline. */
  private long bringForward(
      Connection connection, List<Position> at, List<Position> target, Parked parked, long deadline)
      throws Exception {
    EventDispatcher dispatcher = new EventDispatcher(codec, code);
    ReadModel readModel = ReadModel.check(connection, other.schema(), code.tables());
    Isolation isolation = new Isolation(connection, readModel, dispatcher, true, parked);
    Map<Integer, Position> reached = new HashMap<>();
    at.forEach(position -> reached.put(position.partition(), position));
    Map<Integer, Long> last = new HashMap<>();
    target.forEach(position -> last.put(position.partition(), position.sequence()));
    SubscriptionSpec spec =
        new SubscriptionSpec(other.toString(), "comparison", at, dispatcher::wants, (int) MAX_GAP);
    try (Subscription subscription = store.subscribe(spec)) {
      while (Gap.between(reached.values(), target) > 0 && System.nanoTime() - deadline < 0) {
        List<PartitionBatch> batches = subscription.poll(Duration.ofMillis(100));
        isolation.apply(
            PartitionEvent.of(batches).stream()
                .filter(e -> e.event().sequence() <= last.getOrDefault(e.partition(), 0L))
                .toList());
        batches.forEach(batch -> reached.put(batch.next().partition(), batch.next()));
      }
    }
    return Gap.between(reached.values(), target);
  }
}
