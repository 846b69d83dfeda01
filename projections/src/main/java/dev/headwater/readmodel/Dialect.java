package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs between database vendors in writing rows. One implementation a vendor. */
interface Dialect {
  /** Makes rows that do not exist, in their order. */
  void insert(Connection connection, TableSchema schema, Cells rows) throws SQLException;

  /** Makes the rows of a shape or changes them. Keys are unique and sorted. */
  void upsert(Connection connection, TableSchema schema, Shape shape) throws SQLException;

  /** Deletes the rows with the given keys, where they exist. */
  void delete(Connection connection, TableSchema schema, Cells keys) throws SQLException;

  /**
   * The dialect of a connection's database.
   *
   * @throws ReadModelException if the vendor is not supported
   */
  static Dialect of(Connection connection) throws SQLException {
    return switch (Vendor.of(connection)) {
      case H2 -> new H2Dialect();
      case POSTGRESQL -> new PostgresDialect();
    };
  }
}
