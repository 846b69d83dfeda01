package dev.headwater.projection;

import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an instance alive in the eyes of the others, and tells its projections what the others do.
 * The leases of an instance live and die with it, so one row is written each third of the lease
 * time, however many partitions it runs.
 */
final class LeaseKeeper implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final Duration AFTER_EXPIRY = Duration.ofMillis(5);

  private final Transactions database;
  private final Map<ProjectionId, Ownership> ownerships;
  private final Heads heads;
  private final InstanceTable instances;
  private final Duration lease;
  private final Duration lookEvery;
  private final Semaphore wakes = new Semaphore(0);
  private volatile boolean stopped;
  private boolean joined;
  private long renewedAt;
  private List<ProjectionId> ready = List.of();

  LeaseKeeper(
      Transactions database,
      String instance,
      Map<ProjectionId, Ownership> ownerships,
      Heads heads,
      RunnerSettings settings) {
    this.database = database;
    this.ownerships = new ConcurrentSkipListMap<>(ownerships);
    this.heads = heads;
    this.instances = new InstanceTable(instance, settings.lease());
    this.lease = settings.lease();
    this.lookEvery = settings.instancesEvery();
  }

  /** Keeps another one too; it takes the place of a former one of the same version. */
  void add(ProjectionId projection, Ownership ownership) {
    ownerships.put(projection, ownership);
    wake();
  }

  /** Looks at once. */
  void wake() {
    wakes.release();
  }

  /** Gives all leases back; to be called when nothing runs any more. */
  void stop() {
    stopped = true;
    wake();
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        Duration pause = round();
        if (wakes.tryAcquire(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS)) {
          wakes.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leave();
  }

  /** How long to wait before the next one. */
  private Duration round() {
    List<ProjectionId> offered = offered();
    try {
      long now = System.nanoTime();
      boolean renews = !joined || isDue(now) || !offered.equals(ready);
      Roster roster =
          database.run(
              connection -> {
                if (renews) {
                  renew(connection, offered);
                }
                return instances.look(connection);
              });
      if (renews) {
        joined = true;
        renewedAt = now;
        ready = offered;
      }
      long until = renewedAt + lease.toNanos();
      ownerships.values().forEach(ownership -> ownership.seen(roster, now, until));
      return pause(roster);
    } catch (Exception e) {
      failed(e);
      return min(lookEvery, lease.dividedBy(10));
    }
  }

  private List<ProjectionId> offered() {
    return ownerships.entrySet().stream()
        .filter(entry -> entry.getValue().isOffered())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private boolean isDue(long now) {
    return now - renewedAt >= lease.toNanos() / 3;
  }

  private void renew(Connection connection, List<ProjectionId> offered) throws SQLException {
    boolean known = instances.seen(connection);
    if (!known) {
      if (!joined && belongsToThisProcess(connection)) {
        InstanceTable.forgetOthers(connection);
      }
      instances.join(connection);
    }
    if (!known || !offered.equals(ready)) {
      instances.ready(connection, offered);
      for (ProjectionId projection : offered) {
        instances.makeLeases(connection, projection, heads.partitions());
      }
    }
  }

  /**
   * Whether no other process can be at the database: H2 locks its file. One that was killed a
   * moment ago needs not be waited for then.
   */
  private static boolean belongsToThisProcess(Connection connection) throws SQLException {
    String url = String.valueOf(connection.getMetaData().getURL());
    if (!url.startsWith("jdbc:h2:") || url.matches("jdbc:h2:(tcp|ssl):.*")) {
      return false;
    }
    try (Statement statement = connection.createStatement();
        ResultSet remote =
            statement.executeQuery(
                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE CLIENT_ADDR IS NOT NULL")) {
      return remote.next() && remote.getLong(1) == 0;
    }
  }

  /** Until the next renewal, the next look, or the moment at which another instance is dead. */
  private Duration pause(Roster roster) {
    Duration untilRenewal = Duration.ofNanos(renewedAt + lease.toNanos() / 3 - System.nanoTime());
    Duration untilDeath = min(roster.nextExpiry(), lease).plus(AFTER_EXPIRY);
    return min(min(untilRenewal, lookEvery), untilDeath);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void failed(Exception failure) {
    LOG.debug("leases were not renewed: {}", Failures.describe(failure));
    if (isMadeByAnother(failure)) {
      wake();
      return;
    }
    boolean stays =
        failure instanceof SQLException && Failures.stateAfter(failure) == ProjectionState.FAILED;
    Exception told = stays ? explained(failure) : failure;
    ownerships.values().forEach(ownership -> ownership.failed(told));
  }

  private static Exception explained(Exception failure) {
    return new ReadModelException(
        "leases can't be read or written; call Migrations.framework(dataSource) first: "
            + Failures.describe(failure),
        failure);
  }

  /** Two instances make the rows of a new projection at once: the second finds them. */
  private static boolean isMadeByAnother(Exception failure) {
    return failure instanceof SQLException sql
        && String.valueOf(sql.getSQLState()).startsWith("23");
  }

  private void leave() {
    ownerships.values().forEach(Ownership::close);
    if (!joined) {
      return;
    }
    try {
      database.run(
          connection -> {
            instances.leave(connection);
            return true;
          });
    } catch (Exception e) {
      LOG.debug("leases run out, they could not be given back: {}", Failures.describe(e));
    }
  }
}
