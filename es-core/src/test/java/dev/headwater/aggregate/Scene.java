package dev.headwater.aggregate;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One account, a runtime and the store below it, for tests that steer the store. */
final class Scene {
  static final StreamId ANNA = new StreamId("Account", "anna");

  final SteeredStore store = new SteeredStore();
  private final RuntimeOptions options;
  AggregateRuntime<Command, Account, Event> runtime;

  Scene() {
    this(RuntimeOptions.DEFAULT);
  }

  Scene(RuntimeOptions options) {
    this.options = options;
    this.runtime = newRuntime();
  }

  private AggregateRuntime<Command, Account, Event> newRuntime() {
    return AggregateRuntime.create(
        "Account", new Accounts(), Event.class, Accounts.CODEC, store, options);
  }

  /** A new process on the same store. */
  void restart() {
    runtime = newRuntime();
  }

  CompletableFuture<CommandOutcome<Event>> send(String commandId, Command command) {
    return runtime.handle("anna", commandId, Metadata.atMicros(1), command);
  }

  CommandOutcome<Event> ask(String commandId, Command command) {
    return runtime.handleAndWait("anna", commandId, Metadata.atMicros(1), command);
  }

  long balance() {
    return runtime.history().latest("anna").state().balance();
  }

  List<String> commits() {
    return store.commits(ANNA);
  }

  static Accepted<Event> accepted(CommandOutcome<Event> outcome) {
    if (outcome instanceof Accepted<Event> accepted) {
      return accepted;
    }
    throw new AssertionError("not accepted: " + outcome);
  }
}
