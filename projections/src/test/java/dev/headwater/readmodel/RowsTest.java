package dev.headwater.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RowsTest extends InOneTransaction {
  private static final Table PRICE =
      Table.named("price").key("instrument").columns("last", "trades", "state");
  private static final Table TRADE = Table.appendOnly("trade").columns("instrument", "price");
  private static final Table MEMBER = Table.named("member").key("book", "amount").columns();

  private RowBatch rows;

  @BeforeEach
  void open() throws SQLException {
    execute(
        "CREATE TABLE price (instrument VARCHAR(9) PRIMARY KEY, last NUMERIC(10, 2),"
            + " trades BIGINT DEFAULT 0, state VARCHAR(9) DEFAULT 'open')");
    execute(
        "CREATE TABLE trade (id INTEGER GENERATED ALWAYS AS IDENTITY,"
            + " instrument VARCHAR(9), price NUMERIC(10, 2))");
    execute(
        "CREATE TABLE member (book VARCHAR(9), amount NUMERIC(10, 4),"
            + " PRIMARY KEY (book, amount))");
    rows = ReadModel.check(connection, null, List.of(PRICE, TRADE, MEMBER)).batch(connection);
  }

  private List<String> query(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      while (result.next()) {
        found.add(result.getString(1));
      }
    }
    return found;
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable change) {
    return assertThatThrownBy(change).isInstanceOf(IllegalArgumentException.class);
  }

  @Nested
  class A_change_that_can_not_be_meant_is_refused_at_once {
    @Test
    void a_column_that_the_table_does_not_have() {
      refused(() -> rows.at(PRICE, "X").set("lsat", 1))
          .hasMessage(
              "table price has no column 'lsat' to change; it declares key [instrument] and columns"
                  + " [last, trades, state]");
    }

    @Test
    void a_key_that_is_null_or_has_the_wrong_number_of_parts() {
      refused(() -> rows.at(PRICE, (Object) null))
          .hasMessage("key column instrument of table price can't be null");
      refused(() -> rows.at(PRICE, "X", 1))
          .hasMessage("key of table price is [instrument], was: ['X', 1]");
    }

    @Test
    void a_table_that_is_not_declared_or_of_the_other_kind() {
      Table other = Table.named("other").key("id").columns("x");
      refused(() -> rows.at(other, 1))
          .hasMessage("table other is not among the projection's tables()");
      refused(() -> rows.at(TRADE, 1)).hasMessage("table trade is append-only and has no key");
      refused(() -> rows.append(PRICE))
          .hasMessage("table price is not append-only; use rows.at(table, key)");
    }

    @Test
    void a_value_of_an_unsupported_type() {
      refused(() -> rows.at(PRICE, "X").set("last", 1.5))
          .hasMessageStartingWith("values of java.lang.Double are not supported; use String");
    }

    @Test
    void a_number_that_the_column_would_round() {
      refused(() -> rows.at(PRICE, "X").add("last", new BigDecimal("0.005")))
          .hasMessage("column last of table price has 2 decimals and would round 0.005");
      rows.at(PRICE, "X").add("last", new BigDecimal("0.500"));
    }

    @Test
    @SuppressWarnings("NullAway") // callers without null checks do this
    void null_that_is_added_or_compared() {
      Row row = rows.at(PRICE, "X").set("last", 1);
      refused(() -> row.add("last", null))
          .hasMessage("column last of table price can't be changed by ADD of null");
      refused(() -> row.min("last", (Number) null))
          .hasMessage("column last of table price can't be changed by MIN of null");
      refused(() -> row.max("last", (Instant) null))
          .hasMessage("column last of table price can't be changed by MAX of null");
      refused(() -> rows.at(PRICE, "Y").add("last", null))
          .hasMessage("column last of table price can't be changed by ADD of null");
      rows.at(PRICE, "X").set("last", null).setIfAbsent("last", null);
    }

    @Test
    void a_change_that_would_see_the_columns_default() {
      refused(() -> rows.at(PRICE, "X").setIfAbsent("state", "closed"))
          .hasMessageStartingWith("column state of table price has a default");
      refused(() -> rows.at(PRICE, "X").min("trades", 1))
          .hasMessageStartingWith("column trades of table price has a default");
      rows.at(PRICE, "X").set("state", "closed").add("trades", 1);
    }

    @Test
    void a_text_that_is_to_be_a_number() {
      refused(() -> rows.at(PRICE, "X").set("last", "text").add("last", 1))
          .hasMessageMatching(
              "column last of table price is (?i)numeric(?-i) and can't hold 'text'");
    }
  }

  @Nested
  class Rows_are_written_as_meant {
    @Test
    void appended_rows_keep_their_order() throws SQLException {
      for (int i = 0; i < 100; i++) {
        rows.append(TRADE).set("instrument", "i" + i % 3).set("price", i);
      }
      rows.flush();
      List<String> prices = query("SELECT price FROM trade ORDER BY id");
      assertThat(prices).hasSize(100).first().isEqualTo("0.00");
      assertThat(prices)
          .isSortedAccordingTo((a, b) -> new BigDecimal(a).compareTo(new BigDecimal(b)));
    }

    @Test
    void keys_that_the_database_holds_equal_are_one_row() throws SQLException {
      rows.at(MEMBER, "b", new BigDecimal("1.50")).ensure();
      rows.at(MEMBER, "b", new BigDecimal("1.5")).ensure();
      rows.at(MEMBER, "b", new BigDecimal("2.0")).ensure();
      rows.at(MEMBER, "b", 2).ensure();
      rows.flush();
      rows.at(MEMBER, "b", 2L).ensure();
      rows.flush();
      assertThat(query("SELECT amount FROM member ORDER BY 1")).containsExactly("1.5000", "2.0000");
    }

    @Test
    void taking_a_row_without_changing_it_writes_nothing() throws SQLException {
      rows.at(PRICE, "X");
      rows.flush();
      assertThat(query("SELECT instrument FROM price")).isEmpty();
    }

    @Test
    void own_sql_sees_what_came_before_and_what_follows_sees_it() throws SQLException {
      rows.at(PRICE, "X").set("last", 1);
      rows.jdbc(c -> assertThat(query("SELECT last FROM price")).containsExactly("1.00"));
      rows.jdbc(c -> execute("UPDATE price SET last = 7"));
      rows.at(PRICE, "X").add("last", 1);
      rows.flush();
      assertThat(query("SELECT last FROM price")).containsExactly("8.00");
    }
  }

  @Nested
  class A_table_that_is_not_as_declared_is_refused_at_the_start {
    @Test
    void one_that_is_missing() {
      refused(Table.named("nowhere").key("id").columns(), "there is no table nowhere in schema ");
    }

    @Test
    void one_without_a_column() {
      refused(
          Table.named("price").key("instrument").columns("bid", "last"),
          "table price lacks columns [bid]");
    }

    @Test
    void one_whose_key_is_not_unique() {
      refused(
          Table.named("trade").key("instrument").columns("price"),
          "table trade needs a primary key or unique index on [instrument]");
    }

    @Test
    void one_whose_names_are_not_plain() {
      for (String name : List.of("", "a b", "a;b", "\"a\"", "1a", "ä")) {
        assertThatThrownBy(() -> Table.named(name).key("id").columns())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("was: '" + name + "'");
      }
      assertThatThrownBy(() -> Table.named("a").key("id").columns("ID"))
          .hasMessage("table a has column ID twice");
    }

    private void refused(Table table, String message) {
      assertThatThrownBy(() -> ReadModel.check(connection, null, List.of(table)))
          .isInstanceOf(ReadModelException.class)
          .hasMessageStartingWith(message);
    }
  }
}
