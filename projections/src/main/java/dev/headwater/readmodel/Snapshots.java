package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;

/** Transactions that see all tables as they are at one moment. */
public final class Snapshots {
  private Snapshots() {}

  /**
   * Makes a connection's next transaction see what was committed before its first statement, and
   * nothing later. The connection must not be in the middle of a transaction.
   */
  public static void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(
        switch (Vendor.of(connection)) {
          // Repeatable read in H2 is so table by table only, from the first use of each.
          case H2 -> Connection.TRANSACTION_SERIALIZABLE;
          case POSTGRESQL -> Connection.TRANSACTION_REPEATABLE_READ;
        });
  }
}
