package dev.headwater.projection;

import static dev.headwater.readmodel.Migrations.SCHEMA;

import dev.headwater.readmodel.VersionLayer;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows of {@code headwater.projection_version}. */
final class VersionTable {
  private static final String TABLE = SCHEMA + ".projection_version";
  private static final String SELECT =
      "SELECT projection, version, code, state, created_at, switched_at, compared_with,"
          + " compared_at, compared_same FROM "
          + TABLE;
  private static final String ID = " WHERE projection = ? AND version = ?";

  /**
   * Whether a projection may be run: it has no versions, or this one is not dropped. Parameters:
   * name, name, version.
   */
  static final String ALIVE =
      "(NOT EXISTS (SELECT 1 FROM "
          + TABLE
          + " WHERE projection = ?) OR EXISTS (SELECT 1 FROM "
          + TABLE
          + ID
          + " AND state <> 'dropping'))";

  private VersionTable() {}

  /** A row; {@code code} is the version that the code says which makes it. */
  record Entry(
      ProjectionId id,
      int code,
      VersionState state,
      Instant createdAt,
      @Nullable Instant switchedAt,
      @Nullable LastComparison compared) {
    VersionLayer layer() {
      return VersionTable.layer(id);
    }

    boolean is(VersionState state) {
      return this.state == state;
    }
  }

  static List<Entry> all(Connection connection) throws SQLException {
    return query(connection, " ORDER BY projection, version");
  }

  static List<Entry> of(Connection connection, String projection) throws SQLException {
    return query(connection, " WHERE projection = ? ORDER BY version", projection);
  }

  /** Locks all versions of a projection against other operators until the commit. */
  static List<Entry> lock(Connection connection, String projection) throws SQLException {
    return query(connection, " WHERE projection = ? ORDER BY version FOR UPDATE", projection);
  }

  static Optional<Entry> serving(List<Entry> entries) {
    return entries.stream().filter(entry -> entry.is(VersionState.SERVING)).findFirst();
  }

  static VersionLayer layer(ProjectionId id) {
    return new VersionLayer(id.name(), id.version(), id.schema());
  }

  /** Those that can be rolled back to. */
  static List<VersionLayer> kept(List<Entry> entries) {
    return entries.stream().filter(entry -> entry.is(VersionState.KEPT)).map(Entry::layer).toList();
  }

  /** The number of the next version. */
  static int next(List<Entry> entries) {
    return 1 + entries.stream().mapToInt(entry -> entry.id().version()).max().orElse(0);
  }

  /** The version of a projection that serves; empty where it has no versions. */
  static Optional<ProjectionId> serving(DataSource database, String projection) {
    return serving(
            new Transactions(database)
                .run(
                    "the database can't be asked which version of " + projection + " serves",
                    connection -> of(connection, projection)))
        .map(Entry::id);
  }

  /**
   * Checks that a version may be applied to.
   *
   * @throws VersionDroppedException if it was dropped, or never made
   */
  static void requireAlive(Connection connection, ProjectionId id) throws SQLException {
    boolean alive =
        query(connection, ID, id.name(), id.version()).stream()
            .anyMatch(entry -> !entry.is(VersionState.DROPPING));
    if (!alive) {
      throw new VersionDroppedException(
          "there is no version "
              + id
              + ": it was dropped, or ProjectionVersions.prepare was not called before");
    }
  }

  private static List<Entry> query(Connection connection, String where, Object... parameters)
      throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT + where)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          entries.add(entry(rows));
        }
      }
    }
    return entries;
  }

  private static Entry entry(ResultSet row) throws SQLException {
    int comparedWith = row.getInt(7);
    LastComparison compared =
        row.wasNull()
            ? null
            : new LastComparison(comparedWith, requireTime(row, 8), row.getBoolean(9));
    return new Entry(
        new ProjectionId(row.getString(1), row.getInt(2)),
        row.getInt(3),
        VersionState.ofStored(row.getString(4)),
        requireTime(row, 5),
        time(row, 6),
        compared);
  }

  private static Instant requireTime(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static void insert(Connection connection, ProjectionId id, int code, VersionState state)
      throws SQLException {
    update(
        connection,
        "INSERT INTO "
            + TABLE
            + " (projection, version, code, schema_name, state, created_at)"
            + " VALUES (?, ?, ?, ?, ?, CURRENT_TIMESTAMP)",
        id.name(),
        id.version(),
        code,
        id.schema(),
        state.stored());
  }

  /** Says what a version is there for from now on; false if it was not {@code from} before. */
  static boolean move(Connection connection, ProjectionId id, VersionState from, VersionState to)
      throws SQLException {
    return update(
            connection,
            "UPDATE "
                + TABLE
                + " SET state = ?, switched_at = CURRENT_TIMESTAMP"
                + ID
                + " AND state = ?",
            to.stored(),
            id.name(),
            id.version(),
            from.stored())
        == 1;
  }

  static void compared(Connection connection, ProjectionId id, int with, boolean same)
      throws SQLException {
    update(
        connection,
        "UPDATE "
            + TABLE
            + " SET compared_with = ?, compared_at = CURRENT_TIMESTAMP, compared_same = ?"
            + ID,
        with,
        same,
        id.name(),
        id.version());
  }

  static void delete(Connection connection, ProjectionId id) throws SQLException {
    update(connection, "DELETE FROM " + TABLE + ID, id.name(), id.version());
  }

  private static int update(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        update.setObject(i + 1, parameters[i]);
      }
      return update.executeUpdate();
    }
  }
}
