package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Fingerprints of a projection's tables at one moment, by table name. Used to prove that a replay
 * makes the same read model; the record's equality is the comparison.
 */
public record ReadModelFingerprint(Map<String, TableFingerprint> tables) {
  /** Copies the map, sorted by name. */
  public ReadModelFingerprint {
    tables = new TreeMap<>(tables);
  }

  /**
   * Reads all rows of the tables in one read-only transaction, so a running projection does not
   * show up half-way.
   *
   * @throws ReadModelException if the database can't be read
   */
  public static ReadModelFingerprint of(DataSource database, Collection<Table> tables) {
    try (Connection connection = database.getConnection()) {
      Snapshots.begin(connection);
      try {
        Map<String, TableFingerprint> found = new TreeMap<>();
        for (Table table : tables) {
          found.put(table.name(), TableFingerprint.of(connection, table));
        }
        return new ReadModelFingerprint(found);
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw new ReadModelException("read model can't be fingerprinted: " + e.getMessage(), e);
    }
  }
}
