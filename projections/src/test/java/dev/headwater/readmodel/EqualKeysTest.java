package dev.headwater.readmodel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
class EqualKeysTest {
  private static final Table CODES = Table.named("codes").key("code").columns("amount");

  @Parameter private TestDatabase on;
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = on.open();
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** A batch for a table whose key has a type. */
  private RowBatch batch(String type) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      if (type.equals("CITEXT")) {
        statement.execute("CREATE EXTENSION citext");
      }
      statement.execute("CREATE TABLE codes (code " + type + " PRIMARY KEY, amount BIGINT)");
      return ReadModel.check(connection, null, List.of(CODES)).batch(connection);
    }
  }

  @Nested
  class Keys_that_only_the_database_finds_equal_are_refused {
    @Test
    void where_it_does_not_see_their_case() {
      String type = on == TestDatabase.H2 ? "VARCHAR_IGNORECASE(10)" : "CITEXT";
      assertThatThrownBy(() -> batch(type))
          .isInstanceOf(ReadModelException.class)
          .hasMessageContaining("key column code of table codes")
          .hasMessageContaining("differ in case");
    }

    @Test
    void where_it_does_not_keep_their_last_blank() throws Exception {
      RowBatch rows = batch("CHAR(4)");
      rows.at(CODES, "a b").add("amount", 1);
      assertThatThrownBy(() -> rows.at(CODES, "ab "))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'ab '");
    }
  }
}
