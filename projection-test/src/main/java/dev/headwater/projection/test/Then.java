package dev.headwater.projection.test;

import dev.headwater.readmodel.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of the read model; each {@code then} checks one expectation. Made by {@link
 * ProjectionFixture}. Not thread-safe.
 */
public final class Then {
  private final Run run;

  Then(Run run) {
    this.run = run;
  }

  private void requireApplied() {
    if (run.failure != null) {
      throw run.failed("the event to be applied");
    }
  }

  /**
   * A row with this key holds these values.
   *
   * @param table as the projection declares it, without schema
   */
  public Then thenRow(String table, Key key, Columns columns) {
    requireApplied();
    Table where = run.table(table);
    Map<String, String> wanted = TableRows.shown(columns);
    List<Map<String, String>> rows = rows(where, key, wanted.keySet());
    if (rows.isEmpty()) {
      throw run.error("row " + table + key, difference(wanted, Map.of()) + others(where));
    }
    if (!rows.contains(wanted)) {
      throw run.error("row " + table + key, difference(wanted, rows.getFirst()));
    }
    return this;
  }

  /** No row has this key. */
  public Then thenNoRow(String table, Key key) {
    requireApplied();
    Table where = run.table(table);
    List<Map<String, String>> rows = rows(where, key, where.columns());
    if (!rows.isEmpty()) {
      throw run.error("no row " + table + key, "then  + " + rows.getFirst() + "\n");
    }
    return this;
  }

  /**
   * The table has exactly these rows, in any order.
   *
   * @throws IllegalArgumentException if they do not all name the same columns
   */
  public Then thenRows(String table, Columns... rows) {
    requireApplied();
    Table where = run.table(table);
    Set<String> columns =
        rows.length == 0 ? new LinkedHashSet<>(where.allColumns()) : rows[0].values().keySet();
    List<Map<String, String>> wanted = new ArrayList<>();
    for (Columns row : rows) {
      if (!row.values().keySet().equals(columns)) {
        throw new IllegalArgumentException(
            "rows must name the same columns, but one names "
                + columns
                + " and another "
                + row.values().keySet());
      }
      Map<String, String> shown = new LinkedHashMap<>();
      columns.forEach(column -> shown.put(column, TableRows.shown(row.values().get(column))));
      wanted.add(shown);
    }
    String difference = Difference.of(wanted, TableRows.read(run.database, where, columns));
    if (!difference.isEmpty()) {
      throw run.error("other rows of " + table, difference);
    }
    return this;
  }

  /** A handler refuses the event, with a message that contains this text. */
  public Then thenFails(String text) {
    RuntimeException failure = run.failure;
    if (failure == null) {
      throw run.error("a failure with '" + text + "'", "it was applied\n");
    }
    if (!String.valueOf(failure.getMessage()).contains(text)) {
      throw run.failed("a failure with '" + text + "'");
    }
    return this;
  }

  /**
   * A replay of all events makes the same rows. It applies them in one transaction, so that it also
   * tells of handlers that depend on how events are divided into batches.
   */
  public Then thenReplayGivesTheSame() {
    requireApplied();
    Map<String, List<Map<String, String>>> before = run.allRows();
    try {
      run.runner.replay();
    } catch (RuntimeException e) {
      run.failure = e;
      throw run.failed("a replay to be applied");
    }
    Map<String, List<Map<String, String>>> after = run.allRows();
    StringBuilder differences = new StringBuilder();
    before.forEach(
        (table, rows) -> {
          String difference = Difference.of(rows, after.getOrDefault(table, List.of()));
          if (!difference.isEmpty()) {
            differences.append("in ").append(table).append(", + after the replay\n");
            differences.append(difference);
          }
        });
    if (!differences.isEmpty()) {
      throw run.error("a replay to give the same rows", differences.toString());
    }
    return this;
  }

  private List<Map<String, String>> rows(Table table, Key key, Iterable<String> columns) {
    if (table.isAppendOnly() || key.values().size() != table.key().size()) {
      throw new IllegalArgumentException(
          "table " + table.name() + " has key " + table.key() + ", which " + key + " does not fit");
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    for (int i = 0; i < table.key().size(); i++) {
      wanted.put(table.key().get(i), TableRows.shown(key.values().get(i)));
    }
    Set<String> all = new LinkedHashSet<>(table.key());
    columns.forEach(all::add);
    List<Map<String, String>> found = new ArrayList<>();
    for (Map<String, String> row : TableRows.read(run.database, table, all)) {
      if (row.entrySet().containsAll(wanted.entrySet())) {
        Map<String, String> chosen = new LinkedHashMap<>();
        columns.forEach(column -> chosen.put(column, row.getOrDefault(column, "")));
        found.add(chosen);
      }
    }
    return found;
  }

  private String others(Table table) {
    List<String> keys =
        TableRows.read(run.database, table, table.key()).stream()
            .map(row -> String.valueOf(row.values()))
            .toList();
    return "there is no such row; there are " + (keys.isEmpty() ? "none" : keys) + "\n";
  }

  private static String difference(Map<String, String> wanted, Map<String, String> found) {
    StringBuilder lines = new StringBuilder();
    wanted.forEach(
        (column, value) -> {
          String actual = found.get(column);
          if (value.equals(actual)) {
            lines.append("then    ").append(column).append(" = ").append(value).append('\n');
            return;
          }
          lines.append("then  - ").append(column).append(" = ").append(value).append('\n');
          if (actual != null) {
            lines.append("then  + ").append(column).append(" = ").append(actual).append('\n');
          }
        });
    return lines.toString();
  }
}
