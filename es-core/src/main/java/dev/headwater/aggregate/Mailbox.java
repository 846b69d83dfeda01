package dev.headwater.aggregate;

import static dev.headwater.aggregate.AppendFailures.cause;
import static dev.headwater.aggregate.AppendFailures.wentBack;

import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.Unsettled.Seen;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.FindCommit;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreWentBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * How a hot aggregate is not bound by round trips.
 *
 * The mailbox's worker (see WorkQueue) decides each command on the state that all commands before it lead to (the Tip),
 * hands the commit to the store and goes on without waiting. `unsettled` holds the commands in order of acceptance until
 * the store has answered; answers (also rejections, which rest on events that may not be stored yet) are given from its
 * front.
 *
 * Where new aggregates are the rule, a command to one that was not read yet is decided on the empty state, unread: its
 * append finds out whether that was right, and conflicts like any other if not.
 *
 * An append finds out whether another process has written meanwhile. An answer without events that rests on no append
 * under way would not, and a stale state would reject for ever: such a command is decided on what is read for it.
 *
 * When an append conflicts, everything behind it was decided on a state that never came to be. From then on
 * new commands wait; when the last append under way has been answered, the worker forgets the state, reads what is new
 * and decides all of them again in their order. When the store fails instead, they fail with the command that they
 * follow: decided without it they could be rejected for good.
 */
final class Mailbox<C, S, E> {
  private static final int CALM_ATTEMPTS = 3;
  private static final long MAX_PAUSE_NANOS = 20_000_000;

  final String aggregateId;

  /** Commands that are not answered; guarded by {@link Mailboxes}. */
  int unanswered;

  /** Whether it was used again after all its commands were answered; guarded likewise. */
  boolean isRegular;

  private final AggregateType<C, S, E> type;
  private final Answers<C, S, E> answers;
  private final RepeatedCommands<C, S, E> repeated;
  private final WorkQueue work = new WorkQueue();
  private final Unsettled<C, S, E> unsettled;
  private final SnapshotTrigger<S> snapshots;
  private final Tip<C, S, E> tip;

  private @Nullable StreamId stream;

  /** An empty one. */
  Mailbox(
      String aggregateId,
      AggregateType<C, S, E> type,
      Answers<C, S, E> answers,
      RepeatedCommands<C, S, E> repeated) {
    this.aggregateId = aggregateId;
    this.type = type;
    this.answers = answers;
    this.repeated = repeated;
    this.unsettled =
        new Unsettled<>(type.history().beginning(), type.options().rememberedCommands());
    this.snapshots = new SnapshotTrigger<>(aggregateId, type.snapshots());
    this.tip = new Tip<>(aggregateId, type, unsettled, snapshots);
  }

  void deliver(PendingCommand<C, S, E> command) {
    work.submit(() -> accept(command));
  }

  StreamId stream() {
    StreamId known = stream;
    if (known == null) {
      known = type.history().stream(aggregateId);
      stream = known;
    }
    return known;
  }

  private void accept(PendingCommand<C, S, E> command) {
    if (unsettled.holdsBack(command)) {
      return;
    }
    try {
      decide(command);
    } catch (
        Throwable e) { // also a checked one from a language that has none: the queue must go on
      fail(command, e);
    }
  }

  /** Answers a command whose id was seen before, at once or with the one that is under way. */
  private boolean isRepeated(PendingCommand<C, S, E> command) {
    return switch (unsettled.recognise(command)) {
      case Seen.Never never -> false;
      case Seen.UnderWay underWay -> true;
      case Seen.Stored stored -> {
        repeated.answer(this, command, stored);
        yield true;
      }
    };
  }

  /** A command's events are as durable as is asked. */
  void proven(PendingCommand<C, S, E> command) {
    unsettled.proven(command.id);
  }

  private void decide(PendingCommand<C, S, E> command) {
    if (tip.isUnread() && createsUnread(command)) {
      return;
    }
    boolean mayBeStale = tip.isKnown();
    Versioned<S> at = tip.state();
    while (!isRepeated(command)) {
      List<E> events = List.of();
      CommandOutcome<E> answer = null;
      try {
        events = List.copyOf(type.decider().decide(command.command, at.state()));
      } catch (Rejection rejection) {
        answer = new CommandOutcome.Rejected<>(rejection.code(), rejection.getMessage());
      }
      if (!events.isEmpty()) {
        append(command, at, events);
        return;
      }
      long decidedAt = at.version();
      if (mayBeStale && !unsettled.hasAppendsUnderWay()) {
        tip.forget();
        at = tip.state();
        mayBeStale = false;
      }
      if (at.version() == decidedAt) {
        answerInTurn(
            command, answer != null ? answer : new CommandOutcome.Unchanged<>(stream(), decidedAt));
        return;
      }
    }
  }

  /** Takes an aggregate for a new one, if that is likely and the command would make it. */
  private boolean createsUnread(PendingCommand<C, S, E> command) {
    if (!type.newcomers().areExpected() || type.options().maxAttempts() == 1) {
      return false;
    }
    Versioned<S> beginning = type.history().beginning();
    List<E> events;
    try {
      events = List.copyOf(type.decider().decide(command.command, beginning.state()));
    } catch (RuntimeException e) { // also a rejection: it may not be so on what is stored
      return false;
    }
    if (events.isEmpty()) {
      return false;
    }
    tip.isGuessed();
    command.isGuess = true;
    append(command, beginning, events);
    return true;
  }

  /** An answer without events. Nothing has asked the store yet whether it knows the command. */
  private void answerInTurn(PendingCommand<C, S, E> command, CommandOutcome<E> outcome) {
    if (type.store() instanceof FindCommit commits) {
      int attempt = unsettled.answers(command, null);
      Thread.startVirtualThread(() -> answerUnlessHandled(command, attempt, outcome, commits));
    } else {
      unsettled.answers(command, outcome);
      settle();
    }
  }

  private void answerUnlessHandled(
      PendingCommand<C, S, E> command, int attempt, CommandOutcome<E> outcome, FindCommit commits) {
    try {
      CommandOutcome<E> answer =
          commits
              .find(stream(), command.id)
              .<CommandOutcome<E>>map(AlreadyHandled::new)
              .orElse(outcome);
      unsettled.learnt(command, attempt, answer);
    } catch (RuntimeException e) {
      if (unsettled.drops(command, attempt)) {
        fail(command, e);
      }
    }
    settle();
  }

  private void append(PendingCommand<C, S, E> command, Versioned<S> at, List<E> events) {
    List<NewEvent> encoded = new ArrayList<>(events.size());
    S state = at.state();
    for (E event : events) {
      encoded.add(type.codec().encode(event));
      state = type.decider().evolve(state, event);
    }
    Versioned<S> after = new Versioned<>(at.version() + events.size(), state);
    Commit commit = new Commit(command.id, stream(), tip.expectedAt(at), command.metadata, encoded);
    if (unsettled.appends(command, after)) {
      tip.moveTo(after, command.id);
      var unused =
          type.append(commit)
              .whenComplete((result, failure) -> answered(command, events, result, failure));
    }
  }

  private void answered(
      PendingCommand<C, S, E> command,
      List<E> events,
      @Nullable AppendResult result,
      @Nullable Throwable failure) {
    Throwable failed = null;
    switch (result) {
      case Appended(Receipt receipt) when command.isOfAnotherTime(receipt, events.size()) -> {
        unsettled.storedBefore(command, receipt.firstVersion(), true);
        answer(command, new AlreadyHandled<>(receipt));
      }
      case NotDurable(Receipt receipt, Durability asked, String reason)
          when command.isOfAnotherTime(receipt, events.size()) -> {
        unsettled.storedBefore(command, receipt.firstVersion(), false);
        answer(command, new CommandOutcome.NotDurable<>(receipt, asked, reason));
      }
      case Appended appended ->
          unsettled.stored(command, new Accepted<>(appended.receipt(), events));
      case NotDurable(Receipt receipt, Durability asked, String reason) ->
          unsettled.stored(command, new CommandOutcome.NotDurable<>(receipt, asked, reason));
      case Conflict conflict -> {
        if (command.isGuess) {
          type.newcomers().met(false);
        }
        unsettled.refuted();
      }
      case StoreBehind behind -> {
        StoreWentBackException wentBack = wentBack(behind);
        if (unsettled.refuted(command, wentBack)) {
          failed = wentBack;
        }
      }
      case null -> {
        failed = cause(failure);
        unsettled.failed(command, failed);
      }
    }
    settle();
    if (unsettled.isToRestart()) {
      work.submit(this::restart);
    }
    if (failed != null) { // last: what its sender sends then is not one behind the failure
      fail(command, failed);
    }
  }

  /** Answers the commands at the front that nothing is missing for. */
  private void settle() {
    Unsettled.Settled<C, S, E> settled = unsettled.settle();
    PendingCommand<C, S, E> latest = settled.latest();
    if (latest != null && latest.after != null) {
      snapshots.stored(latest.after, latest.id);
    }
    for (PendingCommand<C, S, E> command : settled.commands()) {
      answer(command, command.outcome);
    }
  }

  private void restart() {
    Unsettled.Restart<C, S, E> restart = unsettled.restart();
    if (restart == null) {
      return;
    }
    settle(); // what was held back by the failure alone
    tip.forget();
    List<PendingCommand<C, S, E>> commands = restart.commands();
    Throwable failure = restart.broken();
    if (failure != null) {
      commands.forEach(command -> failBehind(command, failure));
      return;
    }
    pauseAfter(commands.stream().mapToInt(command -> command.attempts).max().orElse(0));
    for (PendingCommand<C, S, E> command : commands) {
      command.outcome = null;
      command.after = null;
      command.isGuess = false;
      if (command.attempts >= type.options().maxAttempts()) {
        fail(command, new ContentionException(stream(), command.id, command.attempts));
      } else {
        accept(command);
      }
    }
  }

  /**
   * Deciding it on a state without the failed command could reject for good what its sender meant
   * to follow on that.
   */
  private void failBehind(PendingCommand<C, S, E> command, Throwable failure) {
    if (command.receipt() != null) { // the answer alone was lost before it
      answer(command, command.outcome);
    } else {
      fail(command, new PredecessorFailedException(stream(), command.id, failure));
    }
  }

  /** Writers that keep colliding step apart. */
  private static void pauseAfter(int attempts) {
    if (attempts > CALM_ATTEMPTS) {
      long longest = Math.min(MAX_PAUSE_NANOS, attempts * 500_000L);
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
    }
  }

  private void answer(PendingCommand<C, S, E> command, @Nullable CommandOutcome<E> outcome) {
    answers.give(this, command, outcome);
  }

  private void fail(PendingCommand<C, S, E> command, Throwable failure) {
    answers.fail(this, command, failure);
  }
}
