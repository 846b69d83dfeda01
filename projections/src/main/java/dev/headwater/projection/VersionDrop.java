package dev.headwater.projection;

import dev.headwater.projection.VersionTable.Entry;
import dev.headwater.readmodel.ServingViews;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.ForgetGroup;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Whoever runs the version must have let go of it before its remains are deleted, or would make some
 * of them again: a checkpoint, a lease, a consumer group. So first its row says that it is being
 * dropped, and its leases go: runners see that they have none, and look at the row. When no living
 * instance is ready to run it, everything else goes, its row last. Each step may be done twice.
 */

/** Removes a version and everything that is kept for it. Used once. */
final class VersionDrop {
  private static final Logger LOG = LoggerFactory.getLogger(VersionDrop.class);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long to wait for who runs it; longer than a lease lasts by default. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DataSource database;
  private final ForgetGroup store;
  private final ProjectionId version;

  VersionDrop(DataSource database, ForgetGroup store, ProjectionId version) {
    this.database = database;
    this.store = store;
    this.version = version;
  }

  /**
   * @throws IllegalArgumentException if there is no such version
   * @throws IllegalStateException if it serves
   */
  void run() {
    inTransaction(this::mark);
    awaitLetGo();
    store.forget(version.toString());
    inTransaction(this::delete);
  }

  private boolean mark(Connection connection) throws SQLException {
    Entry entry = VersionCatalog.find(VersionTable.lock(connection, version.name()), version);
    if (entry.is(VersionState.SERVING)) {
      throw new IllegalStateException(
          version + " serves; switch to another version before it is dropped");
    }
    // In the order in which a runner takes partitions, for whose transactions this waits.
    Leases.delete(connection, version);
    new Checkpoints(version).delete(connection);
    return VersionTable.move(connection, version, entry.state(), VersionState.DROPPING);
  }

  /** A process that hangs is not waited for: it is refused by the checkpoints, which are gone. */
  private void awaitLetGo() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> runners = runners();
    while (!runners.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL_NANOS);
      runners = runners();
    }
    if (!runners.isEmpty()) {
      LOG.warn("{} is dropped, though instances do not let go of it: {}", version, runners);
    }
  }

  private List<String> runners() {
    return inTransaction(connection -> InstanceTable.readyFor(connection, version));
  }

  private boolean delete(Connection connection) throws SQLException {
    List<Entry> entries = VersionTable.lock(connection, version.name());
    ServingViews views = ServingViews.of(connection);
    if (!views.isTransactional()) { // they know the schema that goes
      Entry serving = VersionTable.serving(entries).orElseThrow();
      views.show(connection, serving.layer(), VersionTable.kept(entries));
    }
    VersionRemains.delete(connection, version);
    return true;
  }

  private <T> T inTransaction(Transactions.Work<T, SQLException> work) {
    return new Transactions(database).run("version " + version + " can't be dropped", work);
  }
}
