package dev.headwater.aggregate;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * How a hot aggregate is not bound by round trips.
 *
 * Whoever delivers a command to an idle mailbox works through the queue (the worker; on a virtual thread, because it may
 * have to read); others only add to it. The worker
 * decides each command on the state that all commands before it lead to, hands the commit to the store and goes on
 * without waiting. `unsettled` holds the commands in order of acceptance until the store has answered; answers (also
 * rejections, which rest on events that may not be stored yet) are given from its front.
 *
 * An append finds out whether another process has written meanwhile. An answer without events that rests on no append
 * under way would not, and a stale state would reject for ever: such a command is decided on what is read for it.
 *
 * When an append conflicts, everything behind it was decided on a state that never came to be. From then on (`failing`)
 * new commands wait; when the last append under way has been answered, the worker forgets the state, reads what is new
 * and decides all of them again in their order. When the store fails instead, they fail with the command that they
 * follow: decided without it they could be rejected for good.
 *
 * `lock` guards what answers change; it is never held while the store, a decider or a caller's code runs.
 */
final class Mailbox<C, S, E> {
  /** Commands that one caller's thread works through before a virtual thread takes over. */
  private static final int WORKER_SHIFT = 1_000;

  private static final int CALM_ATTEMPTS = 3;
  private static final long MAX_PAUSE_NANOS = 20_000_000;

  /** What the mailboxes of a runtime have in common. */
  record Shared<C, S, E>(
      AggregateHistory<S, E> history,
      Decider<C, S, E> decider,
      EventCodec codec,
      AppendToStream store,
      RuntimeOptions options,
      SnapshotWriter<S> snapshots) {
    Durability durability() {
      return options.durability().orElseGet(store::durability);
    }
  }

  /** Commands that are not answered; guarded by the map of {@link Mailboxes}. */
  int users;

  private final String aggregateId;
  private final Shared<C, S, E> shared;
  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();

  /** Where the next command is decided; known to the worker alone. Null when it has to be read. */
  private @Nullable Versioned<S> tip;

  /** Commit of the last event of {@link #tip}, where this mailbox has appended it. */
  private String tipCommit = "";

  private final Object lock = new Object();
  private final Deque<PendingCommand<C, S, E>> unsettled = new ArrayDeque<>();
  private final Map<String, PendingCommand<C, S, E>> unsettledById = new HashMap<>();
  private final Deque<PendingCommand<C, S, E>> waiting = new ArrayDeque<>();
  private final RememberedCommands remembered;
  private final SnapshotTrigger<S> snapshots;
  private Versioned<S> stored;
  private int appendsUnderWay;
  private boolean failing;

  /** Why an append failed in the store, until those behind it have been told. */
  private @Nullable Throwable broken;

  Mailbox(String aggregateId, Shared<C, S, E> shared) {
    this.aggregateId = aggregateId;
    this.shared = shared;
    this.remembered = new RememberedCommands(shared.options().rememberedCommands());
    this.snapshots = new SnapshotTrigger<>(aggregateId, shared.snapshots());
    this.stored = shared.history().beginning();
  }

  void deliver(PendingCommand<C, S, E> command) {
    submit(() -> accept(command));
  }

  private void submit(Runnable task) {
    queue.add(task);
    if (queued.getAndIncrement() == 0) {
      Thread caller = Thread.currentThread();
      if (caller.isVirtual() && !caller.isInterrupted()) {
        work();
      } else { // it may be a thread that brings the store's answers: reading would wait for itself
        Thread.startVirtualThread(this::work);
      }
    }
  }

  private void work() {
    int shift = WORKER_SHIFT;
    do {
      Runnable task = queue.poll();
      if (task != null) {
        task.run();
      }
      if (--shift <= 0 && queued.get() > 1) {
        queued.decrementAndGet();
        Thread.startVirtualThread(this::work);
        return;
      }
    } while (queued.decrementAndGet() > 0);
  }

  private void accept(PendingCommand<C, S, E> command) {
    synchronized (lock) {
      if (failing) {
        waiting.add(command);
        return;
      }
    }
    try {
      decide(command);
    } catch (
        Throwable e) { // also a checked one from a language that has none: the queue must go on
      command.promise.completeExceptionally(e);
    }
  }

  private Versioned<S> tip() {
    Versioned<S> known = tip;
    if (known == null) {
      Versioned<S> from;
      synchronized (lock) {
        from = stored;
      }
      Replay replay = new Replay(this::remember);
      known = shared.history().resume(aggregateId, from, replay);
      synchronized (lock) {
        stored = known;
      }
      tip = known;
      snapshots.loaded(from, known, replay);
    }
    return known;
  }

  private void remember(RecordedEvent event) {
    synchronized (lock) {
      if (shared.durability().onDisk()) { // whoever stored it may have asked for less
        remembered.addUnproven(event.commitId(), event.version());
      } else {
        remembered.add(event.commitId(), event.version());
      }
    }
  }

  /** Answers a command whose id was seen before, or ties it to the one that is under way. */
  private boolean isRepeated(PendingCommand<C, S, E> command) {
    PendingCommand<C, S, E> first;
    Long version;
    boolean proven;
    synchronized (lock) {
      version = remembered.versionOf(command.id);
      proven = remembered.isProven(command.id);
      first = unsettledById.get(command.id);
    }
    if (version != null) {
      if (proven) {
        command.promise.complete(alreadyHandled(version));
      } else {
        proveAgain(command, version);
      }
      return true;
    }
    if (first == null) {
      return false;
    }
    var unused =
        first.promise.whenComplete((outcome, failure) -> repeat(command, outcome, failure));
    return true;
  }

  private CommandOutcome<E> alreadyHandled(long version) {
    return new CommandOutcome.AlreadyHandled<>(shared.history().stream(aggregateId), version);
  }

  /** Appends what is stored once more, which changes nothing and proves the level. */
  private void proveAgain(PendingCommand<C, S, E> command, long version) {
    StreamId stream = shared.history().stream(aggregateId);
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
        send(commit)
            .whenComplete((result, failure) -> provenAgain(command, version, result, failure));
  }

  private void provenAgain(
      PendingCommand<C, S, E> command,
      long version,
      @Nullable AppendResult result,
      @Nullable Throwable failure) {
    switch (result) {
      case Appended appended -> {
        synchronized (lock) {
          remembered.proven(command.id);
        }
        command.promise.complete(alreadyHandled(version));
      }
      case NotDurable(Receipt receipt, Durability asked, String reason) ->
          command.promise.complete(new CommandOutcome.NotDurable<>(receipt, asked, reason));
      case Conflict conflict -> command.promise.completeExceptionally(goneFrom(conflict.stream()));
      case StoreBehind behind -> command.promise.completeExceptionally(wentBack(behind));
      case null ->
          command.promise.completeExceptionally(
              failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
    }
  }

  private static Throwable goneFrom(StreamId stream) {
    return new StoreWentBackException(
        "stream "
            + stream
            + " has other events than it had: the store was emptied or replaced; stop writing and"
            + " compare it with its replicas and backups");
  }

  private static <C, S, E> void repeat(
      PendingCommand<C, S, E> command,
      @Nullable CommandOutcome<E> outcome,
      @Nullable Throwable failure) {
    if (failure != null) {
      command.promise.completeExceptionally(failure);
    } else if (outcome instanceof CommandOutcome.Accepted<E> accepted) {
      command.promise.complete(new CommandOutcome.AlreadyHandled<>(accepted.receipt()));
    } else {
      command.promise.complete(outcome);
    }
  }

  private void decide(PendingCommand<C, S, E> command) {
    boolean mayBeStale = tip != null;
    Versioned<S> at = tip();
    while (!isRepeated(command)) {
      List<E> events = List.of();
      CommandOutcome<E> answer =
          new CommandOutcome.Unchanged<>(shared.history().stream(aggregateId), at.version());
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
      if (mayBeStale && !hasAppendsUnderWay()) {
        tip = null;
        at = tip();
        mayBeStale = false;
      }
      if (at.version() == decidedAt) {
        settleInTurn(command, answer);
        return;
      }
    }
  }

  private boolean hasAppendsUnderWay() {
    synchronized (lock) {
      return appendsUnderWay > 0;
    }
  }

  private void append(PendingCommand<C, S, E> command, Versioned<S> at, List<E> events) {
    List<NewEvent> encoded = new ArrayList<>(events.size());
    S state = at.state();
    for (E event : events) {
      encoded.add(shared.codec().encode(event));
      state = shared.decider().evolve(state, event);
    }
    Versioned<S> after = new Versioned<>(at.version() + events.size(), state);
    Commit commit;
    synchronized (lock) {
      if (failing) {
        waiting.add(command);
        return;
      }
      ExpectedVersion expected =
          appendsUnderWay == 0
              ? ExpectedVersion.exactly(at.version())
              : ExpectedVersion.following(at.version(), tipCommit);
      StreamId stream = shared.history().stream(aggregateId);
      commit = new Commit(command.id, stream, expected, command.metadata, encoded);
      command.after = after;
      unsettled.add(command);
      unsettledById.put(command.id, command);
      appendsUnderWay++;
    }
    tip = after;
    tipCommit = command.id;
    var unused =
        send(commit).whenComplete((result, failure) -> answered(command, events, result, failure));
  }

  private CompletableFuture<AppendResult> send(Commit commit) {
    try {
      return shared.store().append(commit, shared.durability());
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * An answer that needs no append, but rests on appends that may be under way. Nothing has asked
   * the store yet whether it knows the command.
   */
  private void settleInTurn(PendingCommand<C, S, E> command, CommandOutcome<E> outcome) {
    boolean knowsCommits = shared.store() instanceof FindCommit;
    int attempt;
    synchronized (lock) {
      command.outcome = knowsCommits ? null : outcome;
      unsettled.add(command);
      unsettledById.put(command.id, command);
      attempt = command.attempts;
    }
    if (shared.store() instanceof FindCommit commits) {
      Thread.startVirtualThread(() -> settleUnlessHandled(command, attempt, outcome, commits));
    } else {
      settle();
    }
  }

  private void settleUnlessHandled(
      PendingCommand<C, S, E> command, int attempt, CommandOutcome<E> outcome, FindCommit commits) {
    CommandOutcome<E> answer = outcome;
    RuntimeException failure = null;
    try {
      var first = commits.find(shared.history().stream(aggregateId), command.id);
      if (first.isPresent()) {
        answer = new CommandOutcome.AlreadyHandled<>(first.get());
      }
    } catch (RuntimeException e) {
      failure = e;
    }
    synchronized (lock) {
      if (command.attempts != attempt) {
        return; // decided again meanwhile
      }
      if (failure == null) {
        command.outcome = answer;
      } else {
        unsettled.remove(command);
        unsettledById.remove(command.id);
      }
    }
    if (failure != null) {
      command.promise.completeExceptionally(failure);
    }
    settle();
  }

  private void answered(
      PendingCommand<C, S, E> command,
      List<E> events,
      @Nullable AppendResult result,
      @Nullable Throwable failure) {
    Throwable fatal = null;
    Receipt ofAnotherTime = null;
    boolean recover;
    synchronized (lock) {
      appendsUnderWay--;
      switch (result) {
        case Appended(Receipt receipt) when isOfAnotherTime(receipt, command) ->
            ofAnotherTime = receipt;
        case NotDurable(Receipt receipt, Durability asked, String reason)
            when isOfAnotherTime(receipt, command) ->
            ofAnotherTime = receipt;
        case Appended appended ->
            command.outcome = new CommandOutcome.Accepted<>(appended.receipt(), events);
        case NotDurable(Receipt receipt, Durability asked, String reason) ->
            command.outcome = new CommandOutcome.NotDurable<>(receipt, asked, reason);
        case Conflict conflict -> failing = true;
        case StoreBehind behind -> {
          // Further back it may rest on an append that failed and is answered later.
          fatal = failing || unsettled.peek() != command ? null : wentBack(behind);
          failing = true;
        }
        case null -> {
          fatal = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
          failing = true;
        }
      }
      if (ofAnotherTime != null) { // what was decided behind it rests on events that never came
        remembered.add(command.id, ofAnotherTime.firstVersion());
        failing = true;
      }
      if (fatal != null || ofAnotherTime != null) {
        unsettled.remove(command);
        unsettledById.remove(command.id);
      }
      if (fatal != null) {
        broken = fatal;
      }
      recover = failing && appendsUnderWay == 0;
    }
    if (fatal != null) {
      command.promise.completeExceptionally(fatal);
    } else if (ofAnotherTime != null) {
      command.promise.complete(new CommandOutcome.AlreadyHandled<>(ofAnotherTime));
    }
    settle();
    if (recover) {
      submit(this::decideAgain);
    }
  }

  /** The store knew the command from further back than this mailbox does. */
  private static boolean isOfAnotherTime(Receipt receipt, PendingCommand<?, ?, ?> command) {
    return receipt.duplicate()
        && command.after != null
        && receipt.lastVersion() != command.after.version();
  }

  private static Throwable wentBack(StoreBehind behind) {
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
    List<PendingCommand<C, S, E>> settled = new ArrayList<>();
    Versioned<S> newlyStored = null;
    String newlyStoredBy = "";
    synchronized (lock) {
      while (!unsettled.isEmpty() && unsettled.peek().outcome != null) {
        PendingCommand<C, S, E> command = unsettled.remove();
        Receipt receipt = receiptOf(command.outcome);
        if (receipt != null && command.after != null) {
          if (command.outcome instanceof CommandOutcome.NotDurable) {
            remembered.addUnproven(command.id, receipt.firstVersion());
          } else {
            remembered.add(command.id, receipt.firstVersion());
          }
          if (!failing) { // else a commit before it may be stored that nobody remembers yet
            stored = command.after;
            newlyStored = command.after;
            newlyStoredBy = command.id;
          }
        } else if (failing) {
          unsettled.addFirst(command); // decided on a state that never came to be
          break;
        }
        unsettledById.remove(command.id);
        settled.add(command);
      }
    }
    if (newlyStored != null) {
      snapshots.stored(newlyStored, newlyStoredBy);
    }
    settled.forEach(command -> command.promise.complete(command.outcome));
  }

  /** Of a command whose events are stored. */
  private static @Nullable Receipt receiptOf(@Nullable CommandOutcome<?> outcome) {
    return switch (outcome) {
      case CommandOutcome.Accepted<?> accepted -> accepted.receipt();
      case CommandOutcome.NotDurable<?> notDurable -> notDurable.receipt();
      case null, default -> null;
    };
  }

  private void decideAgain() {
    List<PendingCommand<C, S, E>> commands;
    Throwable failure;
    synchronized (lock) {
      failing = false;
      failure = broken;
      broken = null;
      unsettled.forEach(command -> command.attempts++);
      commands = new ArrayList<>(unsettled);
      commands.addAll(waiting);
      unsettled.clear();
      unsettledById.clear();
      waiting.clear();
    }
    tip = null;
    if (failure != null) {
      commands.forEach(command -> failBehind(command, failure));
      return;
    }
    pauseAfter(commands.stream().mapToInt(command -> command.attempts).max().orElse(0));
    for (PendingCommand<C, S, E> command : commands) {
      command.outcome = null;
      command.after = null;
      if (command.attempts >= shared.options().maxAttempts()) {
        command.promise.completeExceptionally(
            new ContentionException(
                shared.history().stream(aggregateId), command.id, command.attempts));
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
    if (receiptOf(command.outcome) != null) { // the answer alone was lost before it
      command.promise.complete(command.outcome);
      return;
    }
    StreamId stream = shared.history().stream(aggregateId);
    command.promise.completeExceptionally(
        new PredecessorFailedException(stream, command.id, failure));
  }

  /** Writers that keep colliding step apart. */
  private static void pauseAfter(int attempts) {
    if (attempts > CALM_ATTEMPTS) {
      long longest = Math.min(MAX_PAUSE_NANOS, attempts * 500_000L);
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
    }
  }
}
