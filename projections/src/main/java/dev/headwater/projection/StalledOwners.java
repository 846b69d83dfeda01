package dev.headwater.projection;

import dev.headwater.readmodel.Vendor;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions of owners that are taken for dead. A process that is paused in the middle
 * of a transaction, or whose machine is gone without a word, keeps its locks, and whoever takes its
 * partitions would wait for them for ever. PostgreSQL tells whose transaction has changed a row
 * last, and ends its connection. H2 gives up waiting after its lock timeout.
 */
final class StalledOwners {
  private static final Logger LOG = LoggerFactory.getLogger(StalledOwners.class);

  private static final String OF_LEASE =
      " WHERE projection = ? AND version = ? AND partition_no = ?";

  /** Nothing of a lease that somebody else has taken in the meantime. */
  private static final String SQL =
      "SELECT k.pid, pg_terminate_backend(k.pid) FROM pg_locks k"
          + " WHERE k.locktype = 'transactionid' AND k.mode = 'ExclusiveLock' AND k.granted"
          + " AND k.pid <> pg_backend_pid() AND k.transactionid IN ("
          + changed(Checkpoints.TABLE)
          + " UNION ALL "
          + changed(Leases.TABLE)
          + ") AND EXISTS (SELECT FROM "
          + Leases.TABLE
          + OF_LEASE
          + " AND token = ?)";

  private StalledOwners() {}

  private static String changed(String table) {
    return "SELECT xmax FROM " + table + OF_LEASE;
  }

  /**
   * Ends what locks the rows of these leases.
   *
   * @param dead leases whose owners are
   */
  static void end(Transactions database, ProjectionId projection, List<Lease> dead) {
    try {
      database.run(
          connection -> {
            if (Vendor.of(connection) == Vendor.POSTGRESQL) {
              end(connection, projection, dead);
            }
            return true;
          });
    } catch (Exception e) {
      LOG.warn(
          "projection {}: transactions of {} could not be ended, so taking over may have to wait"
              + " for them: {}",
          projection,
          dead.stream().map(Lease::owner).distinct().toList(),
          Failures.describe(e));
    }
  }

  private static void end(Connection connection, ProjectionId projection, List<Lease> dead)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SQL)) {
      for (Lease lease : dead) {
        for (int first : new int[] {1, 4, 7}) {
          select.setString(first, projection.name());
          select.setInt(first + 1, projection.version());
          select.setInt(first + 2, lease.partition());
        }
        select.setLong(10, lease.token());
        try (ResultSet ended = select.executeQuery()) {
          while (ended.next()) {
            LOG.warn(
                "ended the transaction (process {} of PostgreSQL) that locks partition {} of"
                    + " projection {}: its owner {} is not heard of any more",
                ended.getInt(1),
                lease.partition(),
                projection,
                lease.owner());
          }
        }
      }
    }
  }
}
