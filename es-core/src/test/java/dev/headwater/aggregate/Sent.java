package dev.headwater.aggregate;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.event.Metadata;
import dev.headwater.store.AppendOutcomeUnknownException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What one caller did with one command and was told about it. Used by that caller's thread. */
final class Sent {
  private final String account;
  private final String id;
  private final Command command;
  private @Nullable CompletableFuture<CommandOutcome<Event>> answer;
  private @Nullable CommandOutcome<Event> outcome;
  private int attempts;
  private boolean unknown;

  Sent(String account, String id, Command command) {
    this.account = account;
    this.id = id;
    this.command = command;
  }

  String account() {
    return account;
  }

  String id() {
    return id;
  }

  Command command() {
    return command;
  }

  void send(AggregateRuntime<Command, Account, Event> runtime) {
    attempts++;
    answer = runtime.handle(account, id, Metadata.atMicros(1), command);
  }

  CompletableFuture<CommandOutcome<Event>> answer() {
    return Objects.requireNonNull(answer);
  }

  void settled(CommandOutcome<Event> told) {
    outcome = told;
  }

  void failed(Throwable failure) {
    unknown |= failure instanceof AppendOutcomeUnknownException;
  }

  @Nullable CommandOutcome<Event> outcome() {
    return outcome;
  }

  /** Answered at the first attempt, so that its place among the caller's commands is certain. */
  boolean isInOrder() {
    return outcome != null && attempts <= 1;
  }

  /** Whether it may be stored although nobody was told so. */
  boolean mayBeStored() {
    return unknown;
  }
}
