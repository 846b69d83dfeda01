package dev.headwater.readmodel;

import dev.headwater.event.SequencedEvent;
import java.sql.Connection;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the row changes of a batch of events and writes them in few statements. Made by {@link
 * ReadModel#batch}; whoever runs the projection flushes it before the commit. Not thread-safe.
 */
public final class RowBatch implements Rows {
  private final Connection connection;
  private final Dialect dialect;
  private final List<PendingTable> tables = new ArrayList<>();

  /** Null where lineage is off. */
  private final @Nullable PendingLineage lineage;

  RowBatch(
      Connection connection,
      Dialect dialect,
      List<TableSchema> schemas,
      @Nullable PendingLineage lineage) {
    this.connection = connection;
    this.dialect = dialect;
    this.lineage = lineage;
    for (TableSchema schema : schemas) {
      tables.add(new PendingTable(schema.table(), schema, this));
    }
  }

  /** The changes from now on are made by this event: for the lineage of the rows. */
  public void handling(int partition, SequencedEvent event) {
    if (lineage != null) {
      lineage.handling(partition, event);
    }
  }

  void touched(Table table, PendingRow row) {
    if (lineage != null) {
      lineage.touch(table, row);
    }
  }

  @Override
  public Row at(Table table, @Nullable Object... key) {
    return pending(table).at(key);
  }

  @Override
  public NewRow append(Table table) {
    return pending(table).append();
  }

  @SuppressWarnings("ReferenceEquality")
  private PendingTable pending(Table table) {
    // By identity first: tables are constants, and comparing the names costs as much as the change.
    for (PendingTable pending : tables) {
      if (pending.table() == table) {
        return pending;
      }
    }
    for (PendingTable pending : tables) {
      if (pending.table().equals(table)) {
        return pending;
      }
    }
    throw new IllegalArgumentException(
        "table " + table.name() + " is not among the projection's tables()");
  }

  @Override
  public String sqlName(Table table) {
    return pending(table).sqlName();
  }

  @Override
  public void jdbc(SqlWork work) throws SQLException {
    flush();
    work.on(connection);
  }

  /**
   * Writes what is pending. Does not commit.
   *
   * @throws SQLException if the database refuses it, or a value can't be told to it
   */
  public void flush() throws SQLException {
    try {
      for (PendingTable table : tables) {
        table.flush(connection, dialect);
      }
      if (lineage != null) {
        // After the rows: whoever else changes them waits, so entries are numbered in their order.
        lineage.flush(connection, dialect);
      }
    } catch (ArithmeticException | DateTimeException e) {
      // To whoever looks for the event it is like a value that the database refuses.
      throw new SQLDataException("a value can't be written: " + e.getMessage(), "22000", e);
    }
  }

  /** {@link #flush} from a row change, which can't throw SQLException. */
  void flushUnchecked() {
    try {
      flush();
    } catch (SQLException e) {
      throw new ReadModelException("row changes could not be written: " + e.getMessage(), e);
    }
  }
}
