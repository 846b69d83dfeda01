package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.event.Metadata;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionVersions;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.store.EventStore;
import dev.headwater.trading.TradingEvents;
import dev.headwater.trading.book.OrderBook;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookEvent;
import dev.headwater.trading.book.OrderBooks;
import dev.headwater.trading.feed.TimedCommand;
import dev.headwater.trading.instrument.Instrument;
import dev.headwater.trading.instrument.InstrumentCommand;
import dev.headwater.trading.instrument.InstrumentEvent;
import dev.headwater.trading.instrument.Instruments;
import dev.headwater.trading.simulation.Listing;
import dev.headwater.trading.simulation.SimulatedSession;
import dev.headwater.trading.venue.Venue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The page for analysts: its queries run on a session's read models, and it names every column. */
class TradingReadModelsTest {
  private static final MarkdownFile PAGE =
      MarkdownFile.read(MarkdownFile.repository().resolve("docs/reference/trading-read-models.md"));
  private static final MarkdownFile PARKING_PAGE =
      MarkdownFile.read(MarkdownFile.repository().resolve("docs/reference/parking-tables.md"));
  private static HikariDataSource database;

  @BeforeAll
  static void trade() {
    EventStore store = new InMemoryEventStore();
    database = ReadModelDatabase.h2InMemory("trading-read-models");
    Migrations.framework(database);
    list(store);
    AggregateRuntime<OrderBookCommand, OrderBook, OrderBookEvent> books =
        AggregateRuntime.create(
            OrderBooks.TYPE,
            new OrderBooks(),
            OrderBookEvent.class,
            TradingEvents.codec(),
            store,
            RuntimeOptions.DEFAULT);
    SimulatedSession session = new SimulatedSession(42, 5_000);
    while (session.hasNext()) {
      TimedCommand command = session.next();
      books.handleAndWait(
          command.symbol(),
          command.commandId(),
          Metadata.atMicros(command.occurredAtMicros()),
          command.command());
    }
    ProjectionVersions versions =
        new ProjectionVersions(store, TradingEvents.codec(), database, Venue.projectionList());
    try (ProjectionRunner runner =
        new ProjectionRunner(store, TradingEvents.codec(), database, versions.prepare())) {
      runner.start();
      assertThat(runner.awaitCaughtUp(Duration.ofSeconds(60))).isEqualTo(new Awaited.Reached());
    }
  }

  private static void list(EventStore store) {
    AggregateRuntime<InstrumentCommand, Instrument, InstrumentEvent> instruments =
        AggregateRuntime.create(
            Instruments.TYPE,
            new Instruments(),
            InstrumentEvent.class,
            TradingEvents.codec(),
            store,
            RuntimeOptions.DEFAULT);
    for (Listing listing : SimulatedSession.listings()) {
      instruments.handleAndWait(
          listing.symbol(),
          "list-" + listing.symbol(),
          Metadata.at(Instant.parse("2026-01-05T14:00:00Z")),
          listing.terms());
    }
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @TestFactory
  List<DynamicTest> every_query_of_the_page_finds_something() {
    List<DynamicTest> tests = new ArrayList<>();
    for (MarkdownFile.Block block : PAGE.blocks()) {
      if (block.language().equals("sql")) {
        tests.add(
            DynamicTest.dynamicTest(
                PAGE.at(block.start()), () -> assertThat(rows(block.text())).isPositive()));
      }
    }
    assertThat(tests).hasSizeGreaterThan(5);
    return tests;
  }

  @Test
  void the_tables_agree_with_each_other() throws SQLException {
    String query =
        PAGE.blocks().stream()
            .map(MarkdownFile.Block::text)
            .filter(text -> text.contains("AS difference"))
            .findAny()
            .orElseThrow();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        assertThat(row.getBigDecimal("difference")).as(row.getString(1)).isZero();
      }
    }
  }

  private static int rows(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int rows = 0;
      while (result.next()) {
        rows++;
      }
      return rows;
    }
  }

  @Test
  void the_pages_name_every_column_of_every_table_and_no_other() throws SQLException {
    assertThat(described()).isEqualTo(migrated());
  }

  /** Columns by table: the first cells of the rows below each heading that is a table's name. */
  private static Map<String, TreeSet<String>> described() {
    Map<String, TreeSet<String>> tables = new TreeMap<>();
    String table = "";
    List<String> lines = new ArrayList<>(PAGE.prose());
    lines.addAll(PARKING_PAGE.prose());
    for (String line : lines) {
      if (line.startsWith("#")) {
        table = line.matches("### `[a-z0-9_.]+`.*") ? line.split("`")[1] : "";
      } else if (!table.isEmpty() && line.matches("\\| `[a-z0-9_]+` \\|.*")) {
        tables.computeIfAbsent(table, t -> new TreeSet<>()).add(line.split("`")[1]);
      }
    }
    return tables;
  }

  private static Map<String, TreeSet<String>> migrated() throws SQLException {
    Map<String, TreeSet<String>> tables = new TreeMap<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet column =
            statement.executeQuery(
                """
                SELECT table_schema, table_name, column_name FROM information_schema.columns
                WHERE table_name NOT LIKE 'flyway%'
                AND (table_schema = 'PUBLIC'
                     OR table_schema = 'HEADWATER' AND table_name LIKE 'PARKED%')
                """)) {
      while (column.next()) {
        String schema = column.getString(1).equals("PUBLIC") ? "" : "headwater.";
        tables
            .computeIfAbsent(
                schema + column.getString(2).toLowerCase(Locale.ROOT), t -> new TreeSet<>())
            .add(column.getString(3).toLowerCase(Locale.ROOT));
      }
    }
    return tables;
  }
}
