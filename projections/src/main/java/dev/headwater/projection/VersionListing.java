package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.event.Position;
import dev.headwater.projection.HeadTable.Look;
import dev.headwater.projection.VersionTable.Entry;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists versions with what analysts see of them in {@code headwater.projection_status}. */
final class VersionListing {
  private static final Logger LOG = LoggerFactory.getLogger(VersionListing.class);
  private static final String STATUS =
      "SELECT projection, version, applied, head, parked_aggregates, parked_events,"
          + " owned_partitions FROM "
          + SCHEMA
          + ".projection_status";

  private final DataSource database;
  private final VersionCatalog catalog;
  private final Heads heads;

  VersionListing(DataSource database, VersionCatalog catalog, Heads heads) {
    this.database = database;
    this.catalog = catalog;
    this.heads = heads;
  }

  List<VersionStatus> list() {
    Look now = new Look(heads.refresh(), System.nanoTime());
    show(now);
    long head = now.heads().stream().mapToLong(Position::sequence).sum();
    return new Transactions(database)
        .run("versions of projections can't be listed", connection -> list(connection, head));
  }

  /** The view knows how far the store has come from looks at it; this is one. */
  private void show(Look now) {
    try {
      new Transactions(database)
          .run(
              "heads of the store can't be written",
              connection -> {
                HeadTable.write(connection, new Look(List.of(), now.nanos()), now, Duration.ZERO);
                return true;
              });
    } catch (ReadModelException e) { // a runner writes them as well, perhaps at this moment
      LOG.debug("{}", e.getMessage());
    }
  }

  private List<VersionStatus> list(Connection connection, long head) throws SQLException {
    Map<ProjectionId, Progress> progress = progress(connection, head);
    List<VersionStatus> list = new ArrayList<>();
    for (Entry entry : VersionTable.all(connection)) {
      Progress one = progress.getOrDefault(entry.id(), new Progress(0, head, ParkedCount.NONE, 0));
      list.add(
          new VersionStatus(
              entry.id(),
              entry.state(),
              entry.id().schema(),
              entry.code(),
              catalog.code(entry).isPresent(),
              entry.createdAt(),
              entry.switchedAt(),
              entry.compared(),
              one.applied(),
              one.head(),
              one.parked(),
              one.owned()));
    }
    return list;
  }

  private record Progress(long applied, long head, ParkedCount parked, int owned) {}

  /**
   * @param head of what nobody has begun to run
   */
  private static Map<ProjectionId, Progress> progress(Connection connection, long head)
      throws SQLException {
    Map<ProjectionId, Progress> found = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(STATUS);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long known = rows.getLong(4);
        long end = rows.wasNull() ? head : known;
        ParkedCount parked = new ParkedCount(rows.getInt(5), rows.getLong(6));
        found.put(
            new ProjectionId(rows.getString(1), rows.getInt(2)),
            new Progress(rows.getLong(3), end, parked, rows.getInt(7)));
      }
    }
    return found;
  }
}
