package dev.headwater.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class ReadModelFingerprintTest {
  @Parameter private TestDatabase vendor;
  private static final Table CELLS =
      Table.appendOnly("cells").columns("id", "amount", "text", "at");
  private static final String MANY =
      "INSERT INTO cells WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x <"
          + " 5000) SELECT x, x, 't' || x, NULL, 0 FROM n";
  private HikariDataSource database;

  @BeforeEach
  void open() throws SQLException {
    database = vendor.open();
    execute(
        "CREATE TABLE cells (id BIGINT, amount NUMERIC(20, 4), text VARCHAR(20),"
            + " at TIMESTAMP(6) WITH TIME ZONE, undeclared INTEGER)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private ReadModelFingerprint fingerprint() {
    return ReadModelFingerprint.of(database, List.of(CELLS));
  }

  @Nested
  class Equal_contents_have_equal_fingerprints {
    @Test
    void in_any_order_of_rows() throws SQLException {
      execute("INSERT INTO cells(id, text) VALUES (1, 'a'), (2, 'b'), (2, 'b'), (3, NULL)");
      ReadModelFingerprint before = fingerprint();
      execute("DELETE FROM cells");
      execute("INSERT INTO cells(id, text) VALUES (3, NULL), (2, 'b'), (1, 'a'), (2, 'b')");
      assertThat(fingerprint()).isEqualTo(before);
      assertThat(before.tables().get("cells").rows()).isEqualTo(4);
    }

    @Test
    void whatever_the_width_and_scale_of_numbers_and_the_zone_of_times() throws SQLException {
      execute("INSERT INTO cells(id, amount, at) VALUES (1, 2.5, '2026-01-01 12:00:00.5+00')");
      ReadModelFingerprint before = fingerprint();
      execute(
          "ALTER TABLE cells ALTER COLUMN id SET DATA TYPE INTEGER",
          "ALTER TABLE cells ALTER COLUMN amount SET DATA TYPE NUMERIC(9, 1)",
          "UPDATE cells SET at = '2026-01-01 14:00:00.5+02', undeclared = 7");
      assertThat(fingerprint()).isEqualTo(before);
    }
  }

  @Nested
  class Different_contents_have_different_fingerprints {
    @Test
    void where_one_cell_or_row_differs() throws SQLException {
      execute(MANY);
      ReadModelFingerprint before = fingerprint();
      for (String change :
          List.of(
              "UPDATE cells SET amount = amount + 0.0001 WHERE id = 4711",
              "UPDATE cells SET text = NULL WHERE id = 4711",
              "UPDATE cells SET text = '' WHERE id = 4711",
              "UPDATE cells SET at = '2026-01-01 00:00:00.000001+00' WHERE id = 4711",
              "DELETE FROM cells WHERE id = 4711",
              "INSERT INTO cells SELECT * FROM cells WHERE id = 1",
              "UPDATE cells SET text = 't2' WHERE id = 1; UPDATE cells SET text = 't1' WHERE id"
                  + " = 2")) {
        execute(change);
        assertThat(fingerprint()).as(change).isNotEqualTo(before);
        execute("DELETE FROM cells", MANY);
        assertThat(fingerprint()).isEqualTo(before);
      }
    }
  }
}
