package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.TestDatabase;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** The pages for analysts: their queries run on both databases, and they name every column. */
@DatabaseTest
class AnalystsPagesTest {
  private static final Path DOCS = Path.of("").toAbsolutePath().getParent().resolve("docs");
  private static final Pattern QUERY = Pattern.compile("(?s)```sql\n(.*?);\n```");

  @Parameter private TestDatabase vendor;
  private final Fixture fixture = new Fixture();
  private HikariDataSource database;

  /** What the pages tell of. */
  private static final class Traced extends Balances {
    @Override
    public boolean lineage() {
      return true;
    }
  }

  /** Makes every query find something: one projection serves, one is parked and one being built. */
  @BeforeEach
  void open() throws SQLException {
    database = vendor.open();
    Fixture.migrate(database);
    fixture.deposit(20);
    Commit commit =
        new Commit(
            "command-7",
            new StreamId("Account", "a1"),
            ExpectedVersion.any(),
            Metadata.atMicros(0),
            List.of(Accounts.CODEC.encode(Accounts.deposited("a1", 7))));
    assertThat(fixture.store.appendAndWait(commit)).isNotNull();
    ProjectionVersions versions =
        new ProjectionVersions(
            fixture.store,
            Accounts.CODEC,
            database,
            List.of(new Traced(), Totals.first(), new Totals(2, "second", 2)));
    try (ProjectionRunner runner =
        fixture.runner(database, versions.prepare().toArray(Projection[]::new))) {
      runner.start();
      Fixture.assertCaughtUp(runner);
      Fixture.await(
          () ->
              Fixture.number(database, "SELECT SUM(head_sequence) FROM headwater.partition_head")
                  == 61);
    }
    Fixture.execute(
        database,
        "INSERT INTO headwater.parked_aggregate VALUES ('balances', 1, 'Account', 'a9', 2, 1, 5,"
            + " 1, 'x.Broken', 'broken', 1, 3, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static String page(String path) {
    try {
      return Files.readString(DOCS.resolve(path));
    } catch (IOException e) {
      return fail("page " + path + " can't be read", e);
    }
  }

  /** The rows of all queries of a page, each of which finds some. */
  private List<String> answers(String page) throws SQLException {
    List<String> answers = new ArrayList<>();
    Matcher query = QUERY.matcher(page(page));
    while (query.find()) {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(query.group(1))) {
        StringBuilder text = new StringBuilder();
        while (rows.next()) {
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            text.append(rows.getString(i)).append(' ');
          }
          text.append('\n');
        }
        assertThat(text.toString()).as(query.group(1)).isNotEmpty();
        answers.add(text.toString());
      }
    }
    return answers;
  }

  @Nested
  class Every_query_finds_something {
    @Test
    void of_the_page_on_freshness() throws SQLException {
      List<String> answers = answers("how-to/how-fresh.md");
      assertThat(answers).hasSize(6);
      assertThat(answers.getFirst())
          .contains("balances 1 serving 0 0")
          .contains("totals 1 serving");
      assertThat(answers.get(3)).startsWith("totals 2 1.0000 61 61");
    }

    @Test
    void of_the_page_on_lineage() throws SQLException {
      List<String> answers = answers("how-to/which-events-made-this-row.md");
      assertThat(answers).hasSize(4);
      assertThat(answers.getFirst().lines()).hasSize(7);
      assertThat(answers.getFirst().lines().toList().getLast())
          .endsWith("Deposited#1 Account a1 7 command-7 ");
      assertThat(answers.get(1).lines()).hasSize(5);
      assertThat(answers.get(2)).contains("a1 ").contains(" 7 ");
      assertThat(answers.get(3).strip()).isEqualTo("account_balance [\"a1\"] Deposited#1");
    }
  }

  @Nested
  class The_reference {
    private static final String PAGE = "reference/headwater-schema.md";

    @Test
    void names_every_column_of_the_tables_that_it_describes_and_no_other() throws SQLException {
      Map<String, TreeSet<String>> described = described();
      Map<String, TreeSet<String>> real = real();
      described.forEach(
          (table, columns) -> assertThat(columns).as(table).isEqualTo(real.get(table)));
      assertThat(described).hasSizeGreaterThan(8);
    }

    @Test
    void mentions_every_table() throws SQLException {
      String page = page(PAGE);
      assertThat(real().keySet())
          .allSatisfy(table -> assertThat(page).containsPattern("`(headwater\\.)?" + table + "`"));
    }

    private Map<String, TreeSet<String>> described() {
      Map<String, TreeSet<String>> tables = new TreeMap<>();
      String table = "";
      for (String line : page(PAGE).lines().toList()) {
        if (line.startsWith("#")) {
          table = line.matches("### `headwater\\.\\w+`") ? line.split("[`.]")[2] : "";
        } else if (!table.isEmpty() && line.matches("\\| `\\w+` \\|.*")) {
          tables.computeIfAbsent(table, any -> new TreeSet<>()).add(line.split("`")[1]);
        }
      }
      return tables;
    }

    private Map<String, TreeSet<String>> real() throws SQLException {
      Map<String, TreeSet<String>> tables = new TreeMap<>();
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement();
          ResultSet columns =
              statement.executeQuery(
                  "SELECT LOWER(table_name), LOWER(column_name) FROM information_schema.columns"
                      + " WHERE LOWER(table_schema) = 'headwater'"
                      + " AND LOWER(table_name) NOT LIKE 'flyway%'")) {
        while (columns.next()) {
          tables
              .computeIfAbsent(columns.getString(1).toLowerCase(Locale.ROOT), t -> new TreeSet<>())
              .add(columns.getString(2));
        }
      }
      return tables;
    }
  }
}
