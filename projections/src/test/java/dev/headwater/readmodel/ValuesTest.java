package dev.headwater.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ValuesTest extends InOneTransaction {
  private static final List<String> COLUMNS =
      List.of("text", "whole", "small", "exact", "flag", "time", "born", "uid", "bytes");
  private static final Table THING = new Table("thing", List.of("id"), COLUMNS);
  private static final Table LOG = new Table("log", List.of(), COLUMNS);
  private static final Table KEYS =
      Table.named("keys").key("uid", "born", "time", "flag", "exact").columns("whole");

  private RowBatch rows;

  @BeforeEach
  void open() throws SQLException {
    String columns =
        " text VARCHAR(100), whole BIGINT, small INTEGER, exact NUMERIC(30, 6), flag BOOLEAN,"
            + " time TIMESTAMP(6) WITH TIME ZONE, born DATE, uid UUID, bytes "
            + (vendor == TestDatabase.H2 ? "VARBINARY(1000)" : "BYTEA");
    execute("CREATE TABLE thing (id VARCHAR(10) PRIMARY KEY," + columns + ")");
    execute("CREATE TABLE log (n INTEGER GENERATED ALWAYS AS IDENTITY," + columns + ")");
    execute(
        "CREATE TABLE keys (uid UUID, born DATE, time TIMESTAMP(6) WITH TIME ZONE, flag BOOLEAN,"
            + " exact NUMERIC(10, 4), whole BIGINT, PRIMARY KEY (uid, born, time, flag, exact))");
    rows = ReadModel.check(connection, null, List.of(THING, LOG, KEYS)).batch(connection);
  }

  private <T> List<@Nullable T> stored(String column, Class<T> type) throws SQLException {
    List<@Nullable T> found = new java.util.ArrayList<>();
    try (Statement statement = connection.createStatement();
        var result = statement.executeQuery("SELECT " + column + " FROM thing ORDER BY id")) {
      while (result.next()) {
        found.add(result.getObject(1, type));
      }
    }
    return found;
  }

  /** Writes values to rows 0, 1, 2 …, and again to rows that are stored. */
  private void write(String column, @Nullable Object... values) throws SQLException {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < values.length; i++) {
        rows.at(THING, String.valueOf(i)).set(column, values[i]);
        rows.append(LOG).set(column, values[i]);
      }
      rows.flush();
    }
  }

  @Nested
  class Every_kind_of_value_comes_back_as_it_was {
    @Test
    void texts() throws SQLException {
      String[] texts = {
        "", "NULL", "null", "a,b", "{x}", "\"", "\\", "'", " a ", "Łódź 🌍", null, "\n\t"
      };
      write("text", (Object[]) texts);
      assertThat(stored("text", String.class)).hasSize(12).contains(texts);
      assertThat(stored("text", String.class).get(3)).isEqualTo("\n\t");
    }

    @Test
    void numbers() throws SQLException {
      write("whole", 1, Long.MAX_VALUE, Long.MIN_VALUE, null, new BigDecimal("7.00"));
      assertThat(stored("whole", Long.class))
          .containsExactly(1L, Long.MAX_VALUE, Long.MIN_VALUE, null, 7L);
      write("small", 1, Integer.MAX_VALUE, -1L, null);
      write("exact", new BigDecimal("123456789012345678901234.567890"), 5, new BigDecimal("1E+3"));
      assertThat(stored("exact", BigDecimal.class))
          .startsWith(
              new BigDecimal("123456789012345678901234.567890"),
              new BigDecimal("5.000000"),
              new BigDecimal("1000.000000"));
    }

    @Test
    void times_and_days() throws SQLException {
      write("time", Instant.EPOCH, Instant.parse("2026-03-29T01:30:00.123456789Z"), null);
      assertThat(stored("time", OffsetDateTime.class))
          .map(time -> time == null ? null : time.toInstant())
          .containsExactly(Instant.EPOCH, Instant.parse("2026-03-29T01:30:00.123456Z"), null);
      write("born", LocalDate.of(2024, 2, 29), LocalDate.of(1, 1, 1), null);
      assertThat(stored("born", LocalDate.class))
          .containsExactly(LocalDate.of(2024, 2, 29), LocalDate.of(1, 1, 1), null);
    }

    @Test
    void times_and_days_far_away() throws SQLException {
      Instant later = Instant.parse("+12345-01-01T00:00:00Z");
      Instant before = Instant.parse("-0043-03-15T12:00:00Z");
      write("time", later, before);
      assertThat(stored("time", OffsetDateTime.class))
          .extracting(time -> time == null ? null : time.toInstant())
          .containsExactly(later, before);
      write("born", LocalDate.of(12345, 1, 1), LocalDate.of(-43, 3, 15));
      assertThat(stored("born", LocalDate.class))
          .containsExactly(LocalDate.of(12345, 1, 1), LocalDate.of(-43, 3, 15));
    }

    @Test
    void the_others() throws SQLException {
      UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
      byte[] bytes = {0, 1, -1, 92, 39};
      write("uid", id, null);
      write("flag", true, false, null);
      write("bytes", bytes, null, new byte[0]);
      assertThat(stored("uid", UUID.class).getFirst()).isEqualTo(id);
      assertThat(stored("flag", Boolean.class)).containsExactly(true, false, null);
      assertThat(stored("bytes", byte[].class)).containsExactly(bytes, null, new byte[0]);
    }

    @Test
    void bytes_as_they_were_when_they_were_set() throws SQLException {
      byte[] bytes = {1};
      rows.at(THING, "0").set("bytes", bytes);
      bytes[0] = 2;
      rows.flush();
      assertThat(stored("bytes", byte[].class)).containsExactly(new byte[] {1});
    }
  }

  @Nested
  class Keys {
    @Test
    void may_be_of_every_kind_but_bytes() throws SQLException {
      UUID id = UUID.randomUUID();
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++) {
          LocalDate day = LocalDate.EPOCH.plusDays(i % 2);
          rows.at(KEYS, id, day, Instant.EPOCH, i < 2, new BigDecimal("1.50")).add("whole", 1);
        }
        rows.flush();
      }
      try (Statement statement = connection.createStatement();
          var result = statement.executeQuery("SELECT COUNT(*), SUM(whole) FROM keys")) {
        result.next();
        assertThat(result.getLong(1)).isEqualTo(4);
        assertThat(result.getLong(2)).isEqualTo(12);
      }
      rows.at(KEYS, id, LocalDate.EPOCH, Instant.EPOCH, true, new BigDecimal("1.5")).delete();
      rows.flush();
      assertThatThrownBy(() -> rows.at(THING, new byte[] {1}))
          .hasMessage("byte[] is not supported as a key; use its text");
      assertThatThrownBy(
              () ->
                  rows.at(
                      KEYS, id, LocalDate.EPOCH, Instant.EPOCH, true, new BigDecimal("1.00005")))
          .hasMessage("column exact of table keys has 4 decimals and would round 1.00005");
      assertThatThrownBy(() -> rows.at(THING, 7))
          .hasMessageMatching("column id of table thing is .* and can't hold 7");
    }
  }

  @Nested
  class A_value_that_the_column_can_not_hold_is_refused_at_once {
    @Test
    void with_the_column_and_the_value() throws SQLException {
      Row row = rows.at(THING, "x");
      assertThatThrownBy(() -> row.set("whole", "seven"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching(
              "column whole of table thing is (BIGINT|int8) and can't hold 'seven'");
      assertThatThrownBy(() -> row.set("text", Instant.EPOCH)).hasMessageContaining("can't hold");
      assertThatThrownBy(() -> row.set("born", Instant.EPOCH)).hasMessageContaining("can't hold");
      assertThatThrownBy(() -> row.set("flag", 1)).hasMessageContaining("can't hold 1");
      rows.flush();
      assertThat(stored("id", String.class)).isEmpty();
    }

    @Test
    void with_advice_where_a_time_has_no_zone() throws SQLException {
      execute("CREATE TABLE zoneless (id BIGINT PRIMARY KEY, at TIMESTAMP(6))");
      Table zoneless = Table.named("zoneless").key("id").columns("at");
      RowBatch batch = ReadModel.check(connection, null, List.of(zoneless)).batch(connection);
      assertThatThrownBy(() -> batch.at(zoneless, 1).set("at", Instant.EPOCH))
          .hasMessageMatching(
              "column at of table zoneless is (?i)timestamp(?-i) and can't hold"
                  + " 1970-01-01T00:00:00Z; make it TIMESTAMP\\(6\\) WITH TIME ZONE");
    }
  }

  @Test
  void days_have_a_first_and_a_last() throws SQLException {
    LocalDate day = LocalDate.of(2026, 5, 5);
    for (LocalDate next : List.of(day, day.plusDays(1), day.minusDays(1))) {
      rows.at(THING, "first").min("born", next);
      rows.at(THING, "last").max("born", next);
      rows.flush();
    }
    assertThat(stored("born", LocalDate.class)).containsExactly(day.minusDays(1), day.plusDays(1));
  }
}
