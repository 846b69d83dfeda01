package dev.headwater.projection;

import static dev.headwater.projection.Fixture.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StalledOwnersTest {
  private static final ProjectionId ORDERS = new ProjectionId("orders", 1);
  private HikariDataSource database;

  @BeforeEach
  void open() throws Exception {
    database = PostgresServer.shared().openNewDatabase();
    Migrations.framework(database);
    execute(
        database,
        "INSERT INTO headwater.projection_lease (projection, version, partition_no, owner, token)"
            + " VALUES ('orders', 1, 0, 'gone', 5)");
    execute(
        database,
        "INSERT INTO headwater.projection_checkpoint (projection, version, partition_no, epoch,"
            + " log_id, sequence, updated_at, token)"
            + " VALUES ('orders', 1, 0, 1, '0-0', 0, CURRENT_TIMESTAMP, 5)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Whether a transaction that has changed the checkpoint lives on. */
  private boolean outlives(List<Lease> dead) throws Exception {
    try (Connection owner = database.getConnection();
        Statement statement = owner.createStatement()) {
      owner.setAutoCommit(false);
      statement.execute("UPDATE headwater.projection_checkpoint SET sequence = 1");
      StalledOwners.end(new Transactions(database), ORDERS, dead);
      owner.commit();
      return true;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("57P01"); // ended by an administrator
      return false;
    }
  }

  @Nested
  class A_transaction_is_ended {
    @Test
    void that_locks_what_a_dead_instance_owned() throws Exception {
      assertThat(outlives(List.of(new Lease(0, "gone", false, 5)))).isFalse();
    }

    @Test
    void but_not_that_of_who_has_taken_over_meanwhile() throws Exception {
      assertThat(outlives(List.of(new Lease(0, "gone", false, 4)))).isTrue();
    }
  }
}
