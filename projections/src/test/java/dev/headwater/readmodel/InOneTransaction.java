package dev.headwater.readmodel;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** Tests of what is written on one connection, on each database that there may be. */
@DatabaseTest
abstract class InOneTransaction {
  @Parameter TestDatabase vendor;
  private HikariDataSource database;
  Connection connection;

  @BeforeEach
  final void connect() throws SQLException {
    database = vendor.open();
    connection = database.getConnection();
    connection.setAutoCommit(false);
  }

  @AfterEach
  final void disconnect() throws SQLException {
    connection.close();
    database.close();
  }

  final void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
