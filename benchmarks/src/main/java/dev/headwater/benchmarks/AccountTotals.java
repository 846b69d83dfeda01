package dev.headwater.benchmarks;

import dev.headwater.benchmarks.AccountEvents.Filled;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.readmodel.Table;
import java.util.List;

/** How often and for how much each account's orders were filled, as an application would say it. */
final class AccountTotals implements Projection {
  private final Table table;

  AccountTotals(int number) {
    table = Table.named("account_total_" + number).key("account").columns("fills", "quantity");
  }

  /** The table of the projection of that number, as SQL. */
  static String ddl(int number) {
    return "CREATE TABLE account_total_"
        + number
        + " (account VARCHAR(20) PRIMARY KEY, fills BIGINT NOT NULL, quantity BIGINT NOT NULL)";
  }

  String tableName() {
    return table.name();
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public List<Table> tables() {
    return List.of(table);
  }

  @Override
  public void define(EventHandlers on) {
    on.event(
        Filled.class,
        (event, recorded, rows) ->
            rows.at(table, event.account()).add("fills", 1).add("quantity", event.quantity()));
  }
}
