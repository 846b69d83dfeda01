package dev.headwater.aggregate;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.codec.EventCodec;
import java.util.Collections;
import java.util.List;

/** The domain of these tests: an account that can't be overdrawn. */
final class Accounts implements Decider<Command, Account, Event> {
  static final EventCodec CODEC =
      EventCodec.builder()
          .event("Deposited", 1, Deposited.class)
          .event("Withdrawn", 1, Withdrawn.class)
          .complete(Event.class)
          .build();

  sealed interface Command {}

  record Deposit(long amount) implements Command {}

  /** As many deposits of 1 in one commit. */
  record DepositCoins(int count) implements Command {}

  record Withdraw(long amount) implements Command {}

  /** Changes nothing. */
  record Look() implements Command {}

  /** Throws what a decider should not throw. */
  record Fail(Throwable failure) implements Command {}

  /** Changes nothing; does something else while it is decided. */
  record Meanwhile(Runnable action) implements Command {}

  sealed interface Event {}

  record Deposited(long amount) implements Event {}

  record Withdrawn(long amount) implements Event {}

  record Account(long balance) {}

  @Override
  public Account initial() {
    return new Account(0);
  }

  @Override
  public List<Event> decide(Command command, Account account) {
    return switch (command) {
      case Deposit deposit -> List.of(new Deposited(deposit.amount()));
      case DepositCoins coins -> Collections.nCopies(coins.count(), new Deposited(1));
      case Withdraw withdraw when withdraw.amount() > account.balance() ->
          throw new Rejection("OVERDRAWN", "the balance is " + account.balance());
      case Withdraw withdraw -> List.of(new Withdrawn(withdraw.amount()));
      case Look look -> List.of();
      case Meanwhile meanwhile -> {
        meanwhile.action().run();
        yield List.of();
      }
      case Fail fail -> throw Accounts.<RuntimeException>unchecked(fail.failure());
    };
  }

  @Override
  public Account evolve(Account account, Event event) {
    return switch (event) {
      case Deposited deposited -> new Account(account.balance() + deposited.amount());
      case Withdrawn withdrawn -> new Account(account.balance() - withdrawn.amount());
    };
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable failure) throws T {
    throw (T) failure;
  }
}
