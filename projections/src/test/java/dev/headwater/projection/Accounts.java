package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.Rows;
import dev.headwater.readmodel.Table;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A little domain with two projections, for tests. */
final class Accounts {
  private Accounts() {}

  sealed interface AccountEvent {}

  record Deposited(String account, BigDecimal amount) implements AccountEvent {}

  record Withdrawn(String account, BigDecimal amount) implements AccountEvent {}

  record Renamed(String account, String name) implements AccountEvent {}

  static final EventCodec CODEC =
      EventCodec.builder()
          .event("Deposited", 1, Deposited.class)
          .event("Withdrawn", 1, Withdrawn.class)
          .event("Renamed", 1, Renamed.class)
          .complete(AccountEvent.class)
          .build();

  static final Table BALANCE =
      Table.named("account_balance").key("account").columns("balance", "movements", "updated_at");

  static final Table LEDGER =
      Table.appendOnly("ledger").columns("account", "version", "amount", "booked_at");

  /** Balance and number of movements of each account. */
  static class Balances implements Projection {
    @Override
    public String name() {
      return "balances";
    }

    @Override
    public List<Table> tables() {
      return List.of(BALANCE);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          Deposited.class,
          (event, recorded, rows) -> move(event.account(), event.amount(), recorded, rows));
      on.event(
          Withdrawn.class,
          (event, recorded, rows) ->
              move(event.account(), event.amount().negate(), recorded, rows));
    }

    static void move(String account, BigDecimal amount, RecordedEvent recorded, Rows rows) {
      rows.at(BALANCE, account)
          .add("balance", amount)
          .add("movements", 1)
          .max("updated_at", recorded.metadata().time());
    }
  }

  /** Every movement as a row. */
  static class Ledger implements Projection {
    @Override
    public String name() {
      return "ledger";
    }

    @Override
    public List<Table> tables() {
      return List.of(LEDGER);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          Deposited.class,
          (event, recorded, rows) ->
              rows.append(LEDGER)
                  .set("account", event.account())
                  .set("version", recorded.version())
                  .set("amount", event.amount())
                  .set("booked_at", recorded.metadata().time()));
    }
  }

  static Position append(EventStore store, String account, AccountEvent... events) {
    Commit commit =
        new Commit(
            UUID.randomUUID().toString(),
            new StreamId("Account", account),
            ExpectedVersion.any(),
            Metadata.at(Instant.parse("2026-01-01T00:00:00Z")),
            Arrays.stream(events).map(CODEC::encode).toList());
    return ((Appended) store.appendAndWait(commit)).receipt().position();
  }

  static Deposited deposited(String account, long amount) {
    return new Deposited(account, BigDecimal.valueOf(amount));
  }

  static Withdrawn withdrawn(String account, long amount) {
    return new Withdrawn(account, BigDecimal.valueOf(amount));
  }
}
