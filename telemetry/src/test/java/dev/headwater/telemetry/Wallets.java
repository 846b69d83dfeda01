package dev.headwater.telemetry;

import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.readmodel.Table;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** A little domain and its read model, for tests. */
final class Wallets implements Decider<Wallets.WalletCommand, Long, Wallets.WalletEvent> {
  static final String TYPE = "Wallet";

  sealed interface WalletCommand {}

  /** Puts money in; nothing happens for 0, and less is refused. */
  record Deposit(long amount) implements WalletCommand {}

  sealed interface WalletEvent {}

  record Deposited(long amount) implements WalletEvent {}

  static final EventCodec CODEC =
      EventCodec.builder()
          .event("Deposited", 1, Deposited.class)
          .complete(WalletEvent.class)
          .build();

  @Override
  public Long initial() {
    return 0L;
  }

  @Override
  public List<WalletEvent> decide(WalletCommand command, Long balance) {
    return switch (command) {
      case Deposit(long amount) when amount < 0 ->
          throw new Rejection("NEGATIVE", "can't deposit " + amount);
      case Deposit(long amount) -> amount == 0 ? List.of() : List.of(new Deposited(amount));
    };
  }

  @Override
  public Long evolve(Long balance, WalletEvent event) {
    return switch (event) {
      case Deposited(long amount) -> balance + amount;
    };
  }

  /** Deposits in the wallet of Anna. */
  static Commit commit(String id, ExpectedVersion expected, long... amounts) {
    return new Commit(
        id,
        new StreamId(TYPE, "anna"),
        expected,
        Metadata.at(Instant.now()),
        Arrays.stream(amounts).mapToObj(amount -> CODEC.encode(new Deposited(amount))).toList());
  }

  /** The balance of each wallet. */
  static final class Balances implements Projection {
    private static final Table WALLET = Table.named("wallet").key("id").columns("balance");

    @Override
    public String name() {
      return "balances";
    }

    @Override
    public List<Table> tables() {
      return List.of(WALLET);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          Deposited.class,
          (event, recorded, rows) ->
              rows.at(WALLET, recorded.stream().id()).add("balance", event.amount()));
    }
  }
}
