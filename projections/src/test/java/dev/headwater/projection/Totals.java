package dev.headwater.projection;

import dev.headwater.event.RecordedEvent;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.readmodel.Rows;
import dev.headwater.readmodel.Table;
import java.math.BigDecimal;
import java.util.List;

/**
 * Sum and movements of each account in tables of the version's own, signed by who made them.
 *
 * @param factor by which amounts are multiplied: other code has another one
 */
record Totals(int version, String madeBy, int factor) implements Projection {
  static final Table TOTAL = Table.named("total").key("account").columns("amount", "made_by");
  static final Table MOVEMENT =
      Table.appendOnly("movement").columns("account", "version", "amount", "made_by");

  static Totals first() {
    return new Totals(1, "first", 1);
  }

  @Override
  public String name() {
    return "totals";
  }

  @Override
  public List<String> migrations() {
    return List.of("classpath:db/totals");
  }

  @Override
  public List<Table> tables() {
    return List.of(TOTAL, MOVEMENT);
  }

  @Override
  public void define(EventHandlers on) {
    on.event(Deposited.class, this::apply);
  }

  private void apply(Deposited event, RecordedEvent recorded, Rows rows) {
    BigDecimal amount = event.amount().multiply(BigDecimal.valueOf(factor));
    rows.at(TOTAL, event.account()).add("amount", amount).set("made_by", madeBy);
    rows.append(MOVEMENT)
        .set("account", event.account())
        .set("version", recorded.version())
        .set("amount", amount)
        .set("made_by", madeBy);
  }

  /** The same, but that it can't handle the events of one account, and keeps lineage. */
  record But(String account, int version) implements Projection {
    private static final Totals TOTALS = first();

    @Override
    public String name() {
      return TOTALS.name();
    }

    @Override
    public List<String> migrations() {
      return TOTALS.migrations();
    }

    @Override
    public List<Table> tables() {
      return TOTALS.tables();
    }

    @Override
    public boolean lineage() {
      return true;
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          Deposited.class,
          (event, recorded, rows) -> {
            if (event.account().equals(account)) {
              throw new IllegalStateException("poison");
            }
            TOTALS.apply(event, recorded, rows);
          });
    }
  }

  /** Other tables: one column more and elsewhere, one less, no view. */
  record Reshaped(int version) implements Projection {
    static final Table TOTAL =
        Table.named("total").key("account").columns("made_by", "amount", "movements");
    static final Table MOVEMENT =
        Table.appendOnly("movement").columns("account", "version", "amount");

    @Override
    public String name() {
      return "totals";
    }

    @Override
    public List<String> migrations() {
      return List.of("classpath:db/totals2");
    }

    @Override
    public List<Table> tables() {
      return List.of(TOTAL, MOVEMENT);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          Deposited.class,
          (event, recorded, rows) -> {
            rows.at(TOTAL, event.account())
                .add("amount", event.amount())
                .add("movements", 1L)
                .set("made_by", "reshaped");
            rows.append(MOVEMENT)
                .set("account", event.account())
                .set("version", recorded.version())
                .set("amount", event.amount());
          });
    }
  }
}
