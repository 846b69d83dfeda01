package dev.headwater.readmodel;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which rows were touched while which event was handled, since the last flush. */
final class PendingLineage {
  static final Table TABLE =
      Table.appendOnly(Migrations.SCHEMA + ".lineage")
          .columns(
              "projection",
              "version",
              "table_name",
              "row_key",
              "stream_type",
              "stream_id",
              "stream_version",
              "event_type",
              "occurred_at",
              "commit_id",
              "partition_no",
              "sequence");

  private final Traced traced;
  private final List<Entry> entries = new ArrayList<>();

  /** Rows that the present event has touched already. */
  private final Set<Touched> touched = new HashSet<>();

  private int partition;
  private @Nullable SequencedEvent event;

  PendingLineage(Traced traced) {
    this.traced = traced;
  }

  /** Whose rows they are, and where that is written. */
  record Traced(String projection, int version, TableSchema schema) {}

  private record Touched(String table, Object id) {}

  private record Entry(String table, String key, int partition, SequencedEvent event) {}

  /** What is touched from now on is touched by this event. */
  void handling(int inPartition, SequencedEvent next) {
    partition = inPartition;
    event = next;
    touched.clear();
  }

  /** A row is changed, made or deleted. */
  void touch(Table table, PendingRow row) {
    SequencedEvent now = event;
    if (now != null && touched.add(new Touched(table.name(), row.id))) {
      entries.add(new Entry(table.name(), RowKey.text(row.key), partition, now));
    }
  }

  void flush(Connection connection, Dialect dialect) throws SQLException {
    if (!entries.isEmpty()) {
      // In the order of the index, whose pages H2 else writes again and again. What touched a row
      // stays in its order.
      entries.sort(Comparator.comparing(Entry::key));
      List<Column> columns = traced.schema().columns();
      dialect.insert(connection, traced.schema(), new Cells(columns, entries.size(), this::cell));
      entries.clear();
    }
  }

  private Object cell(int row, int column) {
    Entry entry = entries.get(row);
    RecordedEvent recorded = entry.event().event();
    return switch (column) {
      case 0 -> traced.projection();
      case 1 -> (long) traced.version();
      case 2 -> entry.table();
      case 3 -> entry.key();
      case 4 -> recorded.stream().type();
      case 5 -> recorded.stream().id();
      case 6 -> recorded.version();
      case 7 -> recorded.type().toString();
      case 8 -> recorded.metadata().time();
      case 9 -> recorded.commitId();
      case 10 -> (long) entry.partition();
      case 11 -> entry.event().sequence();
      default -> throw new IllegalArgumentException("there is no column " + column);
    };
  }
}
