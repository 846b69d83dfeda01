package dev.headwater.benchmarks;

import dev.headwater.benchmarks.WriteForm.Change;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Defends arrays in one statement: what it costs to write a batch of rows to PostgreSQL in each
 * form that it offers. {@code upsert-10000}: 10,000 rows a transaction, all of which are there;
 * {@code append-1000}: 1,000 rows a transaction, into a table without a key.
 *
 * <p>Contestants: {@code headwater}, rows that a handler changes; all others are one form by hand,
 * such as {@code limit:unnest} and {@code limit:batch}.
 */
final class WriteBenchmark {
  private static final List<String> CONTESTANTS = List.copyOf(WriteForm.upserts().keySet());

  static final Work WORK =
      new Work(
          "writes",
          "rows a second that are written to PostgreSQL, by form of the statement",
          List.of(
              Option.numbers("rows", "10000,1000", 1, "rows of a transaction"),
              Option.number("total", 200_000, 1, "rows of a round"),
              Option.some("contestants", CONTESTANTS, "who takes part"),
              Option.number("rounds", 5, 1, "rounds of each contestant, the median counts"),
              Option.number("warm-up", 1, 0, "rounds before that do not count")),
          WriteBenchmark::run);

  /** How many rows there are at least where rows are changed. */
  private static final int ROWS = 10_000;

  private final ReadModelServer database;
  private final Arguments arguments;
  private final Random random = new Random(1);

  private WriteBenchmark(ReadModelServer database, Arguments arguments) {
    this.database = database;
    this.arguments = arguments;
  }

  private static void run(Arguments arguments, Consumer<Measurement> results) throws Exception {
    try (ReadModelServer database = ReadModelServer.start(ReadModelServer.POSTGRESQL)) {
      database.execute(
          "CREATE TABLE upserted" + WriteForm.DDL.formatted(" PRIMARY KEY"),
          "CREATE TABLE appended" + WriteForm.DDL.formatted(""));
      WriteBenchmark benchmark = new WriteBenchmark(database, arguments);
      for (int rows : arguments.numbers("rows")) {
        benchmark.compare("upsert", "upserted", rows, WriteForm.upserts(), results);
        benchmark.compare("append", "appended", rows, WriteForm.appends(), results);
      }
    }
  }

  private void compare(
      String work,
      String table,
      int rows,
      Map<String, WriteForm> forms,
      Consumer<Measurement> results)
      throws Exception {
    List<List<Change>> transactions = transactions(rows);
    Map<String, List<Rate>> rates = new LinkedHashMap<>();
    int warmUps = arguments.number("warm-up");
    for (int i = 0; i < warmUps + arguments.number("rounds"); i++) {
      for (Map.Entry<String, WriteForm> form : forms.entrySet()) {
        if (arguments.texts("contestants").contains(form.getKey())) {
          database.execute("TRUNCATE " + table);
          fill(table, rows);
          Rate rate = write(table, form.getValue(), transactions);
          if (i >= warmUps) {
            rates.computeIfAbsent(form.getKey(), name -> new ArrayList<>()).add(rate);
          }
        }
      }
    }
    rates.forEach(
        (contestant, rounds) ->
            results.accept(
                new Measurement(work + "-" + rows, contestant)
                    .with("database", database.vendor)
                    .with("perSecond", median(rounds.stream().map(Rate::perSecond)))
                    .with("databaseCpuUs", median(rounds.stream().map(Rate::database)))
                    .with("clientCpuUs", median(rounds.stream().map(Rate::client)))));
  }

  private static double median(Stream<Double> figures) {
    return ProjectionBenchmark.median(figures.toList());
  }

  /** Rows a second, and microseconds of CPU time for each. */
  private record Rate(double perSecond, double database, double client) {}

  private Rate write(String table, WriteForm form, List<List<Change>> transactions)
      throws Exception {
    long before = movements(table);
    double sql = database.cpu();
    double client = Cpu.own();
    long start = System.nanoTime();
    int written = 0;
    try (Connection connection = database.source.getConnection()) {
      connection.setAutoCommit(false);
      for (List<Change> changes : transactions) {
        form.write(connection, changes);
        connection.commit();
        written += changes.size();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Rate rate =
        new Rate(
            written / seconds, (database.cpu() - sql) / written, (Cpu.own() - client) / written);
    if (movements(table) - before != written) {
      throw new IllegalStateException("table " + table + " does not have what was written");
    }
    return rate;
  }

  private long movements(String table) throws SQLException {
    return database.number("SELECT COALESCE(SUM(movements), 0) FROM " + table);
  }

  private void fill(String table, int rows) throws SQLException {
    if (table.equals("upserted")) {
      database.execute(
          "INSERT INTO upserted SELECT 'account-' || i, 0, 0, CURRENT_TIMESTAMP"
              + " FROM generate_series(0, "
              + (Math.max(ROWS, rows) - 1)
              + ") AS i",
          "VACUUM ANALYZE upserted");
    }
  }

  /** Each of different accounts in the order of the key, as Headwater sorts them too. */
  private List<List<Change>> transactions(int rows) {
    List<String> accounts =
        new ArrayList<>(
            IntStream.range(0, Math.max(ROWS, rows)).mapToObj(i -> "account-" + i).toList());
    Instant at = Instant.parse("2026-03-02T10:00:00Z");
    List<List<Change>> transactions = new ArrayList<>();
    for (int i = 0; i < Math.max(1, arguments.number("total") / rows); i++) {
      Collections.shuffle(accounts, random);
      transactions.add(
          accounts.subList(0, rows).stream()
              .map(
                  account ->
                      new Change(account, BigDecimal.valueOf(random.nextInt(100_000), 2), at))
              .sorted(Comparator.comparing(Change::account))
              .toList());
    }
    return transactions;
  }
}
