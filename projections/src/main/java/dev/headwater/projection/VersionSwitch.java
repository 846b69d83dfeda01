package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.projection.SwitchResult.NotCaughtUp;
import dev.headwater.projection.SwitchResult.Switched;
import dev.headwater.projection.SwitchResult.ViewsInUse;
import dev.headwater.projection.VersionTable.Entry;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.ServingViews;
import dev.headwater.readmodel.ViewsInUseException;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches analysts' views from one version to another. The version that serves stands still for
 * the last steps, until the other one is as far: so what was seen before is seen after. Used once.
 */
final class VersionSwitch {
  private static final Logger LOG = LoggerFactory.getLogger(VersionSwitch.class);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long the version that serves may stand still; shorter than H2 waits for a lock. */
  private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final DataSource database;
  private final Heads heads;
  private final ProjectionId from;
  private final Entry to;

  VersionSwitch(DataSource database, Heads heads, ProjectionId from, Entry to) {
    this.database = database;
    this.heads = heads;
    this.from = from;
    this.to = to;
  }

  SwitchResult run(long deadline) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      long behind = awaitReached(connection, heads.refresh(), deadline);
      if (behind > 0) {
        return new NotCaughtUp(to.id(), behind, "the store");
      }
      return attempts(connection, deadline);
    } catch (SQLException e) {
      throw new ReadModelException(
          "the views can't be switched to " + to.id() + ": " + Failures.describe(e), e);
    }
  }

  private SwitchResult attempts(Connection connection, long deadline) throws SQLException {
    ServingViews views = ServingViews.of(connection);
    if (!views.isTransactional()) {
      views.show(connection, VersionTable.layer(from), List.of(VersionTable.layer(to.id())));
    }
    while (true) {
      SwitchResult result;
      try {
        result = Transactions.in(connection, c -> attempt(c, views));
      } catch (ViewsInUseException e) {
        result = new ViewsInUse(String.valueOf(e.getMessage()));
        if (!e.isPassing()) {
          return result;
        }
      } catch (SQLException e) {
        if (Failures.stateAfter(e) != ProjectionState.RETRYING) {
          throw e;
        }
        result = new ViewsInUse(Failures.describe(e));
      }
      if (result instanceof Switched) {
        connection.setAutoCommit(true);
        settle(connection, views);
        return result;
      }
      if (System.nanoTime() - deadline >= 0) {
        return result;
      }
      LOG.debug("the switch to {} is tried again: {}", to.id(), result);
      LockSupport.parkNanos(10 * POLL_NANOS);
    }
  }

  private SwitchResult attempt(Connection connection, ServingViews views) throws SQLException {
    List<Entry> entries = VersionTable.lock(connection, from.name());
    requireUnchanged(entries);
    List<Position> target = positions(new Checkpoints(from).lock(connection));
    long behind = awaitReached(connection, target, System.nanoTime() + STANDSTILL_NANOS);
    if (behind > 0) {
      return rolledBack(connection, new NotCaughtUp(to.id(), behind, from.toString()));
    }
    VersionTable.move(connection, from, VersionState.SERVING, VersionState.KEPT);
    VersionTable.move(connection, to.id(), to.state(), VersionState.SERVING);
    if (views.isTransactional()) {
      views.show(connection, VersionTable.layer(to.id()), List.of());
    }
    return new Switched(from, to.id());
  }

  private static SwitchResult rolledBack(Connection connection, SwitchResult result)
      throws SQLException {
    connection.rollback();
    return result;
  }

  private void requireUnchanged(List<Entry> entries) {
    Optional<Entry> serving = VersionTable.serving(entries);
    boolean there =
        entries.stream().anyMatch(e -> e.id().equals(to.id()) && e.state() == to.state());
    if (!there || serving.isEmpty() || !serving.get().id().equals(from)) {
      throw new IllegalStateException(
          "somebody else has switched or dropped versions of projection "
              + from.name()
              + " in between; look at them again");
    }
  }

  /** Where a view's columns can't change in the transaction, they follow now. */
  private void settle(Connection connection, ServingViews views) throws SQLException {
    if (views.isTransactional()) {
      return;
    }
    try {
      views.show(connection, VersionTable.layer(to.id()), List.of(VersionTable.layer(from)));
    } catch (ViewsInUseException e) {
      LOG.warn("{} serves, but views keep the columns of {}: {}", to.id(), from, e.getMessage());
    }
  }

  /** Events that are still missing at the deadline; 0 as soon as none is. */
  private long awaitReached(Connection connection, Collection<Position> target, long deadline)
      throws SQLException {
    while (true) {
      long behind = Gap.between(positions(new Checkpoints(to.id()).stored(connection)), target);
      if (behind == 0 || System.nanoTime() - deadline >= 0) {
        return behind;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  static List<Position> positions(List<Checkpoint> checkpoints) {
    return checkpoints.stream().map(Checkpoint::position).toList();
  }
}
