package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;

/** The databases that read models may be in. */
public enum Vendor {
  /** H2, in a file or in memory. */
  H2("h2"),
  /** PostgreSQL 15 or newer. */
  POSTGRESQL("postgresql");

  private static final int OLDEST_POSTGRESQL = 15;

  private final String folder;

  Vendor(String folder) {
    this.folder = folder;
  }

  /** The name of the folder with this vendor's migrations; replaces {@code {vendor}}. */
  public String folder() {
    return folder;
  }

  /** An unquoted name as the catalogue shows it. */
  String stored(String name) {
    return this == H2 ? name.toUpperCase(Locale.ROOT) : name.toLowerCase(Locale.ROOT);
  }

  /**
   * The vendor of a connection's database.
   *
   * @throws ReadModelException if it is not supported, or its version is not
   */
  public static Vendor of(Connection connection) throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    return of(
        meta.getDatabaseProductName(),
        meta.getDatabaseMajorVersion(),
        meta.getDatabaseProductVersion());
  }

  /** The vendor of a product; {@code version} is for the message. */
  static Vendor of(String product, int majorVersion, String version) {
    return switch (product) {
      case "H2" -> H2;
      case "PostgreSQL" -> {
        if (majorVersion < OLDEST_POSTGRESQL) {
          throw new ReadModelException(
              "PostgreSQL "
                  + version
                  + " is not supported; use "
                  + OLDEST_POSTGRESQL
                  + " or newer");
        }
        yield POSTGRESQL;
      }
      default ->
          throw new ReadModelException(
              "database " + product + " is not supported; H2 and PostgreSQL are");
    };
  }
}
