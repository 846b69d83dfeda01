package dev.headwater.axon.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.axonframework.messaging.eventhandling.annotation.EventHandler;

/** A read side: a table that an event processor keeps. */
final class Balances {
  private final DataSource database;

  Balances(DataSource database) throws SQLException {
    this.database = database;
    update(
        "create table if not exists balance (id varchar primary key, amount bigint, events int)");
  }

  @EventHandler(eventName = "bank.Opened")
  void on(Account.Opened event) throws SQLException {
    update("insert into balance values (?, 0, 1)", event.id());
  }

  @EventHandler
  void on(Account.Deposited event) throws SQLException {
    add(event.id(), event.amount());
  }

  @EventHandler
  void on(Account.Withdrawn event) throws SQLException {
    add(event.id(), -event.amount());
  }

  private void add(String id, long amount) throws SQLException {
    update("update balance set amount = amount + ?, events = events + 1 where id = ?", amount, id);
  }

  private void update(String sql, Object... values) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  /** What a query gives in the first column of its first row. */
  long number(String sql) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : -1;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
