package dev.headwater.benchmarks;

import dev.headwater.benchmarks.AccountEvents.Filled;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.EventStore;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The totals of {@link AccountTotals} by hand, on the same subscription: all events of a batch are
 * summed up in a map and written in one statement, with the place that was reached. Without a
 * database it reads and decodes, and writes nothing.
 */
final class HandBatched {
  private static final int BATCH = 50_000;
  private static final String TABLE = "by_hand";
  private static final String[] DDL = {
    "CREATE TABLE "
        + TABLE
        + " (account VARCHAR(20) PRIMARY KEY, fills BIGINT NOT NULL, quantity BIGINT NOT NULL)",
    "CREATE TABLE by_hand_at (partition_no INTEGER PRIMARY KEY, sequence BIGINT, log_id"
        + " VARCHAR(50))"
  };

  private final EventStore store;
  private final @Nullable ReadModelServer database;
  private final Map<String, long[]> sums = new HashMap<>();

  HandBatched(EventStore store, @Nullable ReadModelServer database) throws SQLException {
    this.store = store;
    this.database = database;
    if (database != null) {
      database.execute(DDL);
    }
  }

  /** Reads so many events from the first one on. */
  void run(int events) throws SQLException {
    List<Position> start =
        IntStream.range(0, store.partitionCount())
            .mapToObj(p -> Position.start(p, store.head(p).epoch()))
            .toList();
    SubscriptionSpec spec = new SubscriptionSpec("by-hand", "by-hand", start, t -> true, BATCH);
    try (Subscription subscription = store.subscribe(spec)) {
      int pending = 0;
      for (int seen = 0; seen < events; ) {
        List<PartitionBatch> batches = subscription.poll(Duration.ofSeconds(1));
        for (PartitionBatch batch : batches) {
          batch.events().forEach(this::add);
          seen += batch.events().size();
          pending += batch.events().size();
        }
        if (pending >= BATCH || seen >= events) {
          write(batches);
          pending = 0;
        }
      }
    }
  }

  private void add(SequencedEvent event) {
    Filled filled = (Filled) AccountEvents.CODEC.decode(event.event());
    long[] sum = sums.computeIfAbsent(filled.account(), account -> new long[2]);
    sum[0]++;
    sum[1] += filled.quantity();
  }

  private void write(List<PartitionBatch> reached) throws SQLException {
    if (database != null) {
      try (Connection connection = database.source.getConnection()) {
        connection.setAutoCommit(false);
        if (database.vendor.equals(ReadModelServer.H2)) {
          merge(connection);
        } else {
          unnest(connection);
        }
        checkpoint(connection, reached);
        connection.commit();
      }
    }
    sums.clear();
  }

  private void unnest(Connection connection) throws SQLException {
    String sql =
        "INSERT INTO "
            + TABLE
            + " AS t SELECT * FROM unnest(?::varchar[], ?::bigint[], ?::bigint[]) ON CONFLICT"
            + " (account) DO UPDATE SET fills = t.fills + excluded.fills, quantity = t.quantity +"
            + " excluded.quantity";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      String[] accounts = accounts();
      statement.setArray(1, connection.createArrayOf("varchar", accounts));
      statement.setArray(2, connection.createArrayOf("bigint", column(accounts, 0)));
      statement.setArray(3, connection.createArrayOf("bigint", column(accounts, 1)));
      statement.executeUpdate();
    }
  }

  /** In the order of the index. */
  private String[] accounts() {
    return sums.keySet().stream().sorted().toArray(String[]::new);
  }

  private Object[] column(String[] accounts, int index) {
    Object[] column = new Object[accounts.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = sum(accounts[i])[index];
    }
    return column;
  }

  private long[] sum(String account) {
    return Objects.requireNonNull(sums.get(account), account);
  }

  private void merge(Connection connection) throws SQLException {
    String sql =
        "MERGE INTO "
            + TABLE
            + " t USING (VALUES (CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS BIGINT))) AS"
            + " n(account, fills, quantity) ON t.account = n.account WHEN MATCHED THEN UPDATE SET"
            + " fills = t.fills + n.fills, quantity = t.quantity + n.quantity WHEN NOT MATCHED THEN"
            + " INSERT VALUES (n.account, n.fills, n.quantity)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (String account : accounts()) {
        statement.setString(1, account);
        statement.setLong(2, sum(account)[0]);
        statement.setLong(3, sum(account)[1]);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void checkpoint(Connection connection, List<PartitionBatch> reached)
      throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM by_hand_at WHERE partition_no = ?");
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO by_hand_at VALUES (?, ?, ?)")) {
      for (PartitionBatch batch : reached) {
        Position next = batch.next();
        delete.setInt(1, next.partition());
        delete.addBatch();
        insert.setInt(1, next.partition());
        insert.setLong(2, next.sequence());
        insert.setString(3, next.logId());
        insert.addBatch();
      }
      delete.executeBatch();
      insert.executeBatch();
    }
  }

  void reset() throws SQLException {
    if (database != null) {
      database.execute("DELETE FROM " + TABLE);
    }
  }

  String tableName() {
    return TABLE;
  }
}
