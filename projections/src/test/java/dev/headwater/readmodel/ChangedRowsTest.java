package dev.headwater.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Changes that alone would make no valid row, of rows that exist. */
class ChangedRowsTest extends InOneTransaction {
  private static final Table ORDER =
      Table.named("orders").key("id").columns("owner", "left_over", "note");

  private RowBatch rows(String owner, String leftOver) throws SQLException {
    execute(
        "CREATE TABLE orders (n BIGINT GENERATED ALWAYS AS IDENTITY, id BIGINT PRIMARY KEY, owner "
            + owner
            + ", left_over "
            + leftOver
            + ", note VARCHAR(9))");
    return ReadModel.check(connection, null, List.of(ORDER)).batch(connection);
  }

  private void takeFive(RowBatch rows) throws SQLException {
    for (int id = 1; id <= 3; id++) {
      rows.at(ORDER, id).set("owner", "me").add("left_over", 100);
    }
    rows.flush();
    for (int id = 1; id <= 3; id++) {
      rows.at(ORDER, id).add("left_over", -5);
    }
    rows.flush();
    try (Statement statement = connection.createStatement();
        var sum = statement.executeQuery("SELECT SUM(left_over), COUNT(owner) FROM orders")) {
      sum.next();
      assertThat(sum.getLong(1)).isEqualTo(285);
      assertThat(sum.getLong(2)).isEqualTo(3);
    }
  }

  @Nested
  class A_row_that_exists_is_changed {
    @Test
    void although_a_column_that_stays_may_not_be_null() throws SQLException {
      takeFive(rows("VARCHAR(9) NOT NULL", "BIGINT"));
    }

    @Test
    void although_the_amount_that_is_added_would_not_pass_the_check() throws SQLException {
      takeFive(rows("VARCHAR(9)", "BIGINT CHECK (left_over > 0)"));
    }
  }

  @Nested
  class A_row_that_does_not_exist_is_refused {
    @Test
    void where_a_column_that_may_not_be_null_was_not_given() throws SQLException {
      RowBatch rows = rows("VARCHAR(9) NOT NULL", "BIGINT");
      rows.at(ORDER, 1).set("owner", "me");
      rows.flush();
      rows.at(ORDER, 1).set("note", "a");
      rows.at(ORDER, 2).set("note", "b");
      assertThatThrownBy(rows::flush)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isIn("23502"));
    }

    @Test
    void where_it_would_not_pass_the_check() throws SQLException {
      RowBatch rows = rows("VARCHAR(9)", "BIGINT CHECK (left_over > 0)");
      rows.at(ORDER, 1).add("left_over", -5);
      assertThatThrownBy(rows::flush)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isIn("23513", "23514"));
    }
  }

  @Test
  void a_partial_index_is_no_key() throws SQLException {
    if (vendor == TestDatabase.POSTGRESQL) {
      execute("CREATE TABLE orders (id BIGINT, owner TEXT, left_over BIGINT, note TEXT)");
      execute("CREATE UNIQUE INDEX ON orders (id) WHERE owner IS NOT NULL");
      assertThatThrownBy(() -> ReadModel.check(connection, null, List.of(ORDER)))
          .hasMessageContaining("needs a primary key or unique index on [id]");
    }
  }
}
