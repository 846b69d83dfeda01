package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;

/** SQL that a handler runs in the projection's transaction. */
@FunctionalInterface
public interface SqlWork {
  /** Uses the connection; may not commit, roll back or close it. */
  void on(Connection connection) throws SQLException;
}
