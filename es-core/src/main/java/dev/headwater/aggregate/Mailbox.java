package dev.headwater.aggregate;

import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.Unsettled.Seen;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.FindCommit;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreWentBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * How a hot aggregate is not bound by round trips.
 *
 * The mailbox's worker (see WorkQueue) decides each command on the state that all commands before it lead to, hands the
 * commit to the store and goes on without waiting. `unsettled` holds the commands in order of acceptance until the store
 * has answered; answers (also rejections, which rest on events that may not be stored yet) are given from its front.
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

  /** What the mailboxes of a runtime have in common. */
  record Shared<C, S, E>(
      AggregateHistory<S, E> history,
      Decider<C, S, E> decider,
      EventCodec codec,
      AppendToStream store,
      RuntimeOptions options,
      SnapshotWriter<S> snapshots,
      Newcomers newcomers) {
    Shared(
        AggregateHistory<S, E> history,
        Decider<C, S, E> decider,
        EventCodec codec,
        AppendToStream store,
        RuntimeOptions options,
        SnapshotWriter<S> snapshots) {
      this(history, decider, codec, store, options, snapshots, new Newcomers());
    }

    Durability durability() {
      return options.durability().orElseGet(store::durability);
    }
  }

  final String aggregateId;

  /** Commands that are not answered; guarded by {@link Mailboxes}. */
  int unanswered;

  /** Whether it was used again after all its commands were answered; guarded likewise. */
  boolean isRegular;

  private final Shared<C, S, E> shared;
  private final Consumer<Mailbox<C, S, E>> onAnswer;
  private final WorkQueue work = new WorkQueue();
  private final Unsettled<C, S, E> unsettled;
  private final SnapshotTrigger<S> snapshots;

  private @Nullable StreamId stream;

  /** Where the next command is decided; known to the worker alone. Null when it has to be read. */
  private @Nullable Versioned<S> tip;

  /** Whether the stream was neither read nor written by this mailbox; known to the worker alone. */
  private boolean isUnread = true;

  /** Commit of the last event of {@link #tip}, where this mailbox has appended it. */
  private String tipCommit = "";

  /**
   * An empty one.
   *
   * @param onAnswer is told of each command before its caller gets the answer
   */
  Mailbox(String aggregateId, Shared<C, S, E> shared, Consumer<Mailbox<C, S, E>> onAnswer) {
    this.aggregateId = aggregateId;
    this.shared = shared;
    this.onAnswer = onAnswer;
    this.unsettled =
        new Unsettled<>(shared.history().beginning(), shared.options().rememberedCommands());
    this.snapshots = new SnapshotTrigger<>(aggregateId, shared.snapshots());
  }

  void deliver(PendingCommand<C, S, E> command) {
    work.submit(() -> accept(command));
  }

  private StreamId stream() {
    StreamId known = stream;
    if (known == null) {
      known = shared.history().stream(aggregateId);
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

  private Versioned<S> tip() {
    Versioned<S> known = tip;
    if (known == null) {
      Versioned<S> from = unsettled.stored();
      Replay replay = new Replay(this::remember);
      known = shared.history().resume(aggregateId, from, replay);
      unsettled.loaded(known);
      tip = known;
      if (isUnread) {
        isUnread = false;
        shared.newcomers().met(known.version() == 0);
      }
      snapshots.loaded(from, known, replay);
    }
    return known;
  }

  private void remember(RecordedEvent event) {
    // Where the disk counts: whoever stored it may have asked for less.
    unsettled.remember(event.commitId(), event.version(), !shared.durability().onDisk());
  }

  /** Answers a command whose id was seen before, at once or with the one that is under way. */
  private boolean isRepeated(PendingCommand<C, S, E> command) {
    switch (unsettled.recognise(command)) {
      case Seen.Never never -> {
        return false;
      }
      case Seen.UnderWay underWay -> {}
      case Seen.Stored(long version, boolean proven) -> {
        if (proven) {
          answer(command, alreadyHandled(version));
        } else {
          proveAgain(command, version);
        }
      }
    }
    return true;
  }

  private CommandOutcome<E> alreadyHandled(long version) {
    return new AlreadyHandled<>(stream(), version);
  }

  /** Appends what is stored once more, which changes nothing and proves the level. */
  private void proveAgain(PendingCommand<C, S, E> command, long version) {
    StreamId stream = stream();
    List<NewEvent> events =
        shared
            .history()
            .from(stream, version)
            .takeWhile(event -> event.commitId().equals(command.id))
            .map(event -> new NewEvent(event.type(), event.data()))
            .toList();
    Commit commit =
        new Commit(
            command.id, stream, ExpectedVersion.exactly(version - 1), command.metadata, events);
    var unused =
        send(commit).whenComplete((result, failure) -> provenAgain(command, result, failure));
  }

  private void provenAgain(
      PendingCommand<C, S, E> command, @Nullable AppendResult result, @Nullable Throwable failure) {
    switch (result) {
      case Appended appended -> {
        unsettled.proven(command.id);
        answer(command, new AlreadyHandled<>(appended.receipt()));
      }
      case NotDurable(Receipt receipt, Durability asked, String reason) ->
          answer(command, new CommandOutcome.NotDurable<>(receipt, asked, reason));
      case Conflict conflict -> fail(command, goneFrom(conflict.stream()));
      case StoreBehind behind -> fail(command, wentBack(behind));
      case null -> fail(command, cause(failure));
    }
  }

  private static Throwable goneFrom(StreamId stream) {
    return new StoreWentBackException(
        "stream "
            + stream
            + " has other events than it had: the store was emptied or replaced; stop writing and"
            + " compare it with its replicas and backups");
  }

  private void decide(PendingCommand<C, S, E> command) {
    if (isUnread && createsUnread(command)) {
      return;
    }
    boolean mayBeStale = tip != null;
    Versioned<S> at = tip();
    while (!isRepeated(command)) {
      List<E> events = List.of();
      CommandOutcome<E> answer = null;
      try {
        events = List.copyOf(shared.decider().decide(command.command, at.state()));
      } catch (Rejection rejection) {
        answer = new CommandOutcome.Rejected<>(rejection.code(), rejection.getMessage());
      }
      if (!events.isEmpty()) {
        append(command, at, events);
        return;
      }
      long decidedAt = at.version();
      if (mayBeStale && !unsettled.hasAppendsUnderWay()) {
        tip = null;
        at = tip();
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
    if (!shared.newcomers().areExpected() || shared.options().maxAttempts() == 1) {
      return false;
    }
    Versioned<S> beginning = shared.history().beginning();
    List<E> events;
    try {
      events = List.copyOf(shared.decider().decide(command.command, beginning.state()));
    } catch (RuntimeException e) { // also a rejection: it may not be so on what is stored
      return false;
    }
    if (events.isEmpty()) {
      return false;
    }
    isUnread = false;
    command.isGuess = true;
    append(command, beginning, events);
    return true;
  }

  /** An answer without events. Nothing has asked the store yet whether it knows the command. */
  private void answerInTurn(PendingCommand<C, S, E> command, CommandOutcome<E> outcome) {
    if (shared.store() instanceof FindCommit commits) {
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
      encoded.add(shared.codec().encode(event));
      state = shared.decider().evolve(state, event);
    }
    Versioned<S> after = new Versioned<>(at.version() + events.size(), state);
    ExpectedVersion expected =
        unsettled.hasAppendsUnderWay()
            ? ExpectedVersion.following(at.version(), tipCommit)
            : ExpectedVersion.exactly(at.version());
    Commit commit = new Commit(command.id, stream(), expected, command.metadata, encoded);
    if (unsettled.appends(command, after)) {
      tip = after;
      tipCommit = command.id;
      var unused =
          send(commit)
              .whenComplete((result, failure) -> answered(command, events, result, failure));
    }
  }

  private CompletableFuture<AppendResult> send(Commit commit) {
    try {
      return shared.store().append(commit, shared.durability());
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void answered(
      PendingCommand<C, S, E> command,
      List<E> events,
      @Nullable AppendResult result,
      @Nullable Throwable failure) {
    Throwable failed = null;
    switch (result) {
      case Appended(Receipt receipt) when isOfAnotherTime(receipt, command, events.size()) -> {
        unsettled.storedBefore(command, receipt.firstVersion(), true);
        answer(command, new AlreadyHandled<>(receipt));
      }
      case NotDurable(Receipt receipt, Durability asked, String reason)
          when isOfAnotherTime(receipt, command, events.size()) -> {
        unsettled.storedBefore(command, receipt.firstVersion(), false);
        answer(command, new CommandOutcome.NotDurable<>(receipt, asked, reason));
      }
      case Appended appended ->
          unsettled.stored(command, new Accepted<>(appended.receipt(), events));
      case NotDurable(Receipt receipt, Durability asked, String reason) ->
          unsettled.stored(command, new CommandOutcome.NotDurable<>(receipt, asked, reason));
      case Conflict conflict -> {
        if (command.isGuess) {
          shared.newcomers().met(false);
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

  /** The store knew the command from further back than this mailbox does. */
  private static boolean isOfAnotherTime(
      Receipt receipt, PendingCommand<?, ?, ?> command, int events) {
    return receipt.duplicate()
        && command.after != null
        && (command.isGuess
            || receipt.lastVersion() != command.after.version()
            || receipt.firstVersion() != command.after.version() - events + 1);
  }

  private static Throwable cause(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    return cause != null ? cause : new IllegalStateException("the store gave no result");
  }

  private static StoreWentBackException wentBack(StoreBehind behind) {
    return new StoreWentBackException(
        "stream "
            + behind.stream()
            + " was at version "
            + behind.expected()
            + " and is at "
            + behind.actual()
            + " now: the store has lost events; stop writing and compare it with its replicas and"
            + " backups");
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
    tip = null;
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
      if (command.attempts >= shared.options().maxAttempts()) {
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
    onAnswer.accept(this);
    command.promise.complete(outcome);
    for (PendingCommand<C, S, E> repeat : command.repeats) {
      answer(
          repeat,
          outcome instanceof Accepted<E> accepted
              ? new AlreadyHandled<>(accepted.receipt())
              : outcome);
    }
  }

  private void fail(PendingCommand<C, S, E> command, Throwable failure) {
    onAnswer.accept(this);
    command.promise.completeExceptionally(failure);
    command.repeats.forEach(repeat -> fail(repeat, failure));
  }
}
