package dev.headwater.benchmarks;

import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.RowBatch;
import dev.headwater.readmodel.Table;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A way to write a batch of rows to PostgreSQL, in the connection's transaction. */
@FunctionalInterface
interface WriteForm {
  String DDL =
      " (account VARCHAR(100)%s, amount NUMERIC(20, 2), movements BIGINT, moved_at TIMESTAMP(6)"
          + " WITH TIME ZONE)";
  Table UPSERTED =
      Table.named("upserted").key("account").columns("amount", "movements", "moved_at");
  Table APPENDED =
      Table.appendOnly("appended").columns(UPSERTED.allColumns().toArray(new String[0]));

  void write(Connection connection, List<Change> changes) throws Exception;

  /** A row, or what is added to the row of that account. */
  record Change(String account, BigDecimal amount, Instant at) {}

  /** Changes of rows that are there, each of another one, by contestant. */
  static Map<String, WriteForm> upserts() {
    String arrays =
        "unnest(?::text[], ?::numeric[], ?::int8[], ?::timestamptz[])"
            + " AS n(account, amount, movements, moved_at)";
    String sums =
        " amount = r.amount + n.amount, movements = r.movements + n.movements,"
            + " moved_at = n.moved_at";
    String onConflict = " ON CONFLICT (account) DO UPDATE SET" + sums.replace(" n.", " excluded.");
    String insert = "INSERT INTO upserted AS r ";
    Map<String, WriteForm> forms = new LinkedHashMap<>();
    forms.put("headwater", WriteForm::upsertByHeadwater);
    forms.put("limit:unnest", arrays(insert + "SELECT * FROM " + arrays + onConflict));
    forms.put(
        "limit:update",
        arrays(
            "UPDATE upserted AS r SET"
                + sums
                + " FROM "
                + arrays
                + " WHERE r.account = n.account"));
    forms.put(
        "limit:merge",
        arrays(
            "MERGE INTO upserted AS r USING "
                + arrays
                + " ON r.account = n.account WHEN MATCHED THEN UPDATE SET"
                + sums
                + " WHEN NOT MATCHED THEN INSERT"
                + " VALUES (n.account, n.amount, n.movements, n.moved_at)"));
    forms.put("limit:batch", batch(insert + "VALUES (?, ?, ?, ?)" + onConflict));
    return forms;
  }

  /** Rows of a table without a key, by contestant. */
  static Map<String, WriteForm> appends() {
    Map<String, WriteForm> forms = new LinkedHashMap<>();
    forms.put("headwater", WriteForm::appendByHeadwater);
    forms.put(
        "limit:unnest",
        arrays(
            "INSERT INTO appended SELECT *"
                + " FROM unnest(?::text[], ?::numeric[], ?::int8[], ?::timestamptz[])"));
    forms.put("limit:batch", batch("INSERT INTO appended VALUES (?, ?, ?, ?)"));
    return forms;
  }

  private static void upsertByHeadwater(Connection connection, List<Change> changes)
      throws Exception {
    RowBatch rows = ReadModel.check(connection, null, List.of(UPSERTED)).batch(connection);
    for (Change change : changes) {
      rows.at(UPSERTED, change.account())
          .add("amount", change.amount())
          .add("movements", 1)
          .set("moved_at", change.at());
    }
    rows.flush();
  }

  private static void appendByHeadwater(Connection connection, List<Change> changes)
      throws Exception {
    RowBatch rows = ReadModel.check(connection, null, List.of(APPENDED)).batch(connection);
    for (Change change : changes) {
      rows.append(APPENDED)
          .set("account", change.account())
          .set("amount", change.amount())
          .set("movements", 1)
          .set("moved_at", change.at());
    }
    rows.flush();
  }

  private static WriteForm arrays(String sql) {
    return (connection, changes) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setArray(1, connection.createArrayOf("text", column(changes, Change::account)));
        statement.setArray(
            2, connection.createArrayOf("numeric", column(changes, change -> change.amount())));
        statement.setArray(3, connection.createArrayOf("int8", column(changes, change -> 1L)));
        statement.setArray(
            4, connection.createArrayOf("timestamptz", column(changes, c -> c.at().toString())));
        statement.executeUpdate();
      }
    };
  }

  private static Object[] column(List<Change> changes, Function<Change, Object> value) {
    return changes.stream().map(value).toArray();
  }

  private static WriteForm batch(String sql) {
    return (connection, changes) -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (Change change : changes) {
          statement.setString(1, change.account());
          statement.setBigDecimal(2, change.amount());
          statement.setLong(3, 1);
          statement.setObject(4, change.at().atOffset(ZoneOffset.UTC));
          statement.addBatch();
        }
        statement.executeBatch();
      }
    };
  }
}
