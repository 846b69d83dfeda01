package dev.headwater.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowMergingTest extends InOneTransaction {
  private static final Table SUBJECT =
      Table.named("subject")
          .key("id", "part")
          .columns("whole", "exact", "low", "high", "earliest", "latest", "first", "text", "flag");
  private static final Table REFERENCE = renamed("reference");

  private ReadModel model;

  private static Table renamed(String name) {
    return new Table(name, SUBJECT.key(), SUBJECT.columns());
  }

  @BeforeEach
  void open() throws SQLException {
    for (String name : List.of("subject", "reference")) {
      execute(
          "CREATE TABLE "
              + name
              + " (id VARCHAR(10), part BIGINT, whole BIGINT DEFAULT 0 NOT NULL,"
              + " exact NUMERIC(20, 4), low NUMERIC(20, 4), high BIGINT,"
              + " earliest TIMESTAMP(6) WITH TIME ZONE, latest TIMESTAMP(6) WITH TIME ZONE,"
              + " first VARCHAR(10), text VARCHAR(10), flag BOOLEAN, PRIMARY KEY (id, part))");
    }
    model = ReadModel.check(connection, null, List.of(SUBJECT, REFERENCE));
  }

  @Nested
  class Merged_changes_give_the_same_rows_as_changes_made_one_by_one {
    @ParameterizedTest
    @ValueSource(ints = {2, 7, 100, 1_000})
    void whatever_the_size_of_the_batch(int size) throws SQLException {
      for (int seed = 0; seed < 4; seed++) {
        List<Consumer<Row>> changes = new ArrayList<>();
        List<Object[]> keys = new ArrayList<>();
        random(new Random(seed), changes, keys);
        write(REFERENCE, keys, changes, 1);
        write(SUBJECT, keys, changes, size);
        assertThat(TableFingerprint.of(connection, SUBJECT))
            .as("batches of %s, seed %s", size, seed)
            .isEqualTo(TableFingerprint.of(connection, REFERENCE));
        model.empty(connection);
      }
    }

    private void write(Table table, List<Object[]> keys, List<Consumer<Row>> changes, int size)
        throws SQLException {
      RowBatch batch = model.batch(connection);
      for (int i = 0; i < changes.size(); i++) {
        changes.get(i).accept(batch.at(table, keys.get(i)));
        if (i % size == size - 1) {
          batch.flush();
        }
      }
      batch.flush();
    }

    private static void random(Random random, List<Consumer<Row>> changes, List<Object[]> keys) {
      for (int i = 0; i < 1_000; i++) {
        keys.add(new Object[] {"k" + random.nextInt(5), random.nextInt(3)});
        changes.add(change(random));
      }
    }

    private static Consumer<Row> change(Random random) {
      long whole = random.nextInt(200) - 100;
      BigDecimal exact = BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, 4);
      Instant time = Instant.parse("2026-01-01T00:00:00.123456789Z").plusNanos(random.nextInt());
      String text = "t" + random.nextInt(100);
      boolean flag = random.nextBoolean();
      return switch (random.nextInt(18)) {
        case 0 -> row -> row.set("whole", whole);
        case 1, 2 -> row -> row.add("whole", whole);
        case 3, 4 -> row -> row.add("exact", exact);
        case 5 -> row -> row.set("exact", flag ? null : exact);
        case 6 -> row -> row.min("low", exact);
        case 7 -> row -> row.max("high", whole);
        case 8 -> row -> row.min("earliest", time);
        case 9 -> row -> row.max("latest", time);
        case 10 -> row -> row.setIfAbsent("first", text);
        case 11 -> row -> row.set("text", text).set("flag", flag);
        case 12 -> row -> row.set("first", null);
        case 13 -> Row::delete;
        case 14 -> row -> row.ensure();
        case 15 -> row -> row.max("low", exact).add("low", exact); // these do not merge
        case 16 -> row -> row.setIfAbsent("exact", exact).min("exact", exact);
        default -> row -> row.add("whole", whole).add("exact", exact).max("latest", time);
      };
    }
  }

  @Nested
  class Each_change_does_what_it_says {
    @Test
    void to_a_row_that_is_new() throws SQLException {
      Instant time = Instant.parse("2026-01-01T00:00:00Z");
      RowBatch batch = model.batch(connection);
      batch
          .at(SUBJECT, "a", 1)
          .add("whole", 5)
          .add("exact", new BigDecimal("1.5"))
          .min("low", 3)
          .max("high", 4)
          .min("earliest", time)
          .setIfAbsent("first", "x");
      batch.flush();
      assertThat(row("a", 1)).containsExactly("5", "1.5000", "3.0000", "4", "x", null);
    }

    @Test
    void to_a_row_that_is_stored() throws SQLException {
      to_a_row_that_is_new();
      RowBatch batch = model.batch(connection);
      Row row = batch.at(SUBJECT, "a", 1L);
      row.add("whole", 2L).add("exact", 1).min("low", 9).max("high", 2).setIfAbsent("first", "y");
      row.set("text", "z");
      batch.flush();
      assertThat(row("a", 1)).containsExactly("7", "2.5000", "3.0000", "4", "x", "z");
      batch.at(SUBJECT, "a", 1).min("low", -1).max("high", 10).set("first", null);
      batch.flush();
      assertThat(row("a", 1)).containsExactly("7", "2.5000", "-1.0000", "10", null, "z");
    }

    @Test
    void after_a_delete_the_row_is_new() throws SQLException {
      to_a_row_that_is_new();
      RowBatch batch = model.batch(connection);
      batch.at(SUBJECT, "a", 1).delete();
      batch.at(SUBJECT, "a", 1).add("whole", 3).setIfAbsent("first", "new");
      batch.flush();
      assertThat(row("a", 1)).containsExactly("3", null, null, null, "new", null);
    }

    @Test
    void a_row_held_over_a_flush_takes_further_changes() throws SQLException {
      RowBatch batch = model.batch(connection);
      Row row = batch.at(SUBJECT, "a", 1).add("whole", 1);
      batch.jdbc(
          c -> {
            try (Statement statement = c.createStatement()) {
              statement.execute("UPDATE subject SET whole = whole * 10");
            }
          });
      row.add("whole", 1);
      batch.at(SUBJECT, "a", 1).add("whole", 1);
      batch.flush();
      assertThat(row("a", 1).getFirst()).isEqualTo("12");
    }
  }

  private List<String> row(String id, int part) throws SQLException {
    String sql =
        "SELECT whole, exact, low, high, first, text FROM subject WHERE id = '%s' AND part = %d";
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery(String.format(sql, id, part))) {
      rows.next();
      for (int i = 1; i <= 6; i++) {
        values.add(rows.getString(i));
      }
    }
    return values;
  }
}
