package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs between database vendors in writing rows. One implementation a vendor. */
interface Dialect {
  /** Makes the rows of a shape or changes them, in few round trips. Keys are unique and sorted. */
  void upsert(Connection connection, Table table, Shape shape) throws SQLException;

  /**
   * The dialect of a connection's database.
   *
   * @throws ReadModelException if the vendor is not supported
   */
  static Dialect of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    if (product.equals("H2")) {
      return new H2Dialect();
    }
    throw new ReadModelException("database " + product + " is not supported; H2 is");
  }
}
