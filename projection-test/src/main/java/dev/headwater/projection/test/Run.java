package dev.headwater.projection.test;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.ManualRunner;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionId;
import dev.headwater.readmodel.Table;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One test: what was given, and what became of it. Not thread-safe. */
final class Run {
  private final InMemoryEventStore store = new InMemoryEventStore(1);
  private final List<String> history = new ArrayList<>();
  final HikariDataSource database;
  private final Projection projection;
  private final EventCodec codec;
  final ManualRunner runner;
  StreamId stream = new StreamId("Test", "1");
  Metadata metadata = Metadata.at(ProjectionFixture.START);
  @Nullable RuntimeException failure;

  Run(HikariDataSource database, Projection projection, EventCodec codec) {
    this.database = database;
    this.projection = projection;
    this.codec = codec;
    this.runner = new ManualRunner(store, codec, database, projection);
  }

  void apply(String mark, Object... events) {
    store.appendAndWait(
        new Commit(
            "commit-" + (store.head(0).sequence() + 1),
            stream,
            ExpectedVersion.any(),
            metadata,
            Arrays.stream(events).map(codec::encode).toList()));
    for (Object event : events) {
      history.add(mark + event + " in " + stream + " at " + metadata.time());
    }
    try {
      runner.catchUp();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  Table table(String name) {
    List<Table> tables = projection.tables();
    Table table =
        tables.stream()
            .filter(candidate -> candidate.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "projection "
                            + projection.name()
                            + " has no table "
                            + name
                            + "; it has "
                            + tables.stream().map(Table::name).toList()));
    return projection.migrations().isEmpty()
        ? table
        : table.in(ProjectionId.of(projection).schema());
  }

  Map<String, List<Map<String, String>>> allRows() {
    Map<String, List<Map<String, String>>> all = new LinkedHashMap<>();
    for (Table table : projection.tables()) {
      Table placed = table(table.name());
      all.put(table.name(), TableRows.read(database, placed, placed.allColumns()));
    }
    return all;
  }

  AssertionError failed(String expected) {
    RuntimeException cause = failure;
    return cause == null
        ? error(expected, "")
        : (AssertionError) error(expected, "failed  " + cause.getMessage() + "\n").initCause(cause);
  }

  AssertionError error(String expected, String found) {
    String told = history.isEmpty() ? "" : String.join("\n", history) + "\n";
    return new AssertionError("expected " + expected + "\n" + told + found);
  }
}
