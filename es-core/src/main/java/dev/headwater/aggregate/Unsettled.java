package dev.headwater.aggregate;

import dev.headwater.aggregate.CommandOutcome.NotDurable;
import dev.headwater.store.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one mailbox that are decided and not answered, in order of acceptance, and what
 * of the aggregate is known to be stored. Written by the mailbox's worker and by whoever brings the
 * store's answers; thread-safe, and never calls anything while it holds its lock.
 */
final class Unsettled<C, S, E> {
  private final Deque<PendingCommand<C, S, E>> inOrder = new ArrayDeque<>(1);
  private final Map<String, PendingCommand<C, S, E>> byId = new HashMap<>(2);
  private final Deque<PendingCommand<C, S, E>> behindFailure = new ArrayDeque<>(1);
  private final Versioned<S> beginning;
  private final int capacity;
  private RememberedCommands remembered;
  private Versioned<S> stored;
  private int appendsUnderWay;

  /** From the first append that fails until {@link #restart}. */
  private boolean failing;

  /** Why an append failed in the store, until those behind it have been told. */
  private @Nullable Throwable broken;

  Unsettled(Versioned<S> beginning, int rememberedCommands) {
    this.beginning = beginning;
    this.capacity = rememberedCommands;
    this.stored = beginning;
    this.remembered = new RememberedCommands(capacity);
  }

  /** The latest state that is stored for certain. */
  synchronized Versioned<S> stored() {
    return stored;
  }

  synchronized void loaded(Versioned<S> state) {
    stored = state;
  }

  /** A command whose events were read, and whether they are as durable as is asked. */
  synchronized void remember(String commandId, long version, boolean proven) {
    if (proven) {
      remembered.add(commandId, version);
    } else {
      remembered.addUnproven(commandId, version);
    }
  }

  synchronized void proven(String commandId) {
    remembered.proven(commandId);
  }

  synchronized boolean hasAppendsUnderWay() {
    return appendsUnderWay > 0;
  }

  /** What is known about a command's id. */
  sealed interface Seen {
    /** Nothing. */
    enum Never implements Seen {
      ONE
    }

    /** It will be answered together with the first of that id. */
    enum UnderWay implements Seen {
      ONE
    }

    /** Its events are stored from that version on, and whether as durably as is asked. */
    record Stored(long version, boolean proven) implements Seen {}
  }

  /** Looks a command's id up, and ties it to the one under way that has the same. */
  synchronized Seen recognise(PendingCommand<C, S, E> command) {
    Long version = remembered.versionOf(command.id);
    if (version != null) {
      return new Seen.Stored(version, remembered.isProven(command.id));
    }
    PendingCommand<C, S, E> first = byId.get(command.id);
    if (first == null) {
      return Seen.Never.ONE;
    }
    if (first.repeats.isEmpty()) {
      first.repeats = new ArrayList<>(1);
    }
    first.repeats.add(command);
    return Seen.UnderWay.ONE;
  }

  /** After a failure commands wait until {@link #restart}. */
  synchronized boolean holdsBack(PendingCommand<C, S, E> command) {
    if (failing) {
      behindFailure.add(command);
    }
    return failing;
  }

  /**
   * Takes a command whose events are about to be appended.
   *
   * @return false if it has to wait instead, see {@link #holdsBack}
   */
  synchronized boolean appends(PendingCommand<C, S, E> command, Versioned<S> after) {
    if (holdsBack(command)) {
      return false;
    }
    command.after = after;
    add(command);
    appendsUnderWay++;
    return true;
  }

  /**
   * Takes a command whose answer needs no append, but rests on appends that may be under way.
   *
   * @param outcome the answer; null if it is not known yet, see {@link #learnt}
   * @return which attempt to decide it that was
   */
  synchronized int answers(PendingCommand<C, S, E> command, @Nullable CommandOutcome<E> outcome) {
    command.outcome = outcome;
    add(command);
    return command.attempts;
  }

  /** The answer that was not known yet, unless the command is to be decided again. */
  synchronized void learnt(
      PendingCommand<C, S, E> command, int attempt, CommandOutcome<E> outcome) {
    if (command.attempts == attempt) {
      command.outcome = outcome;
    }
  }

  /**
   * The answer that was not known yet could not be found out.
   *
   * @return false if the command is to be decided again; else it is none of the unsettled ones any
   *     more
   */
  synchronized boolean drops(PendingCommand<C, S, E> command, int attempt) {
    if (command.attempts != attempt) {
      return false;
    }
    remove(command);
    return true;
  }

  private void add(PendingCommand<C, S, E> command) {
    inOrder.add(command);
    byId.put(command.id, command);
  }

  /** An append is stored. */
  synchronized void stored(PendingCommand<C, S, E> command, CommandOutcome<E> outcome) {
    appendsUnderWay--;
    command.outcome = outcome;
  }

  /**
   * An append turns out to be one of another time. What was decided behind it rests on events that
   * never came; the command is none of the unsettled ones any more.
   */
  synchronized void storedBefore(
      PendingCommand<C, S, E> command, long firstVersion, boolean proven) {
    refuted();
    remember(command.id, firstVersion, proven);
    remove(command);
  }

  /** An append is not stored, because the stream is not what it expected. */
  synchronized void refuted() {
    appendsUnderWay--;
    failing = true;
  }

  /**
   * Like {@link #refuted()}, or an unexpected end of the stream: so if nothing is before this
   * command that an earlier failure could have kept from the store.
   *
   * @return whether the command has failed with {@code failure}, and is none of the unsettled ones
   *     any more
   */
  synchronized boolean refuted(PendingCommand<C, S, E> command, Throwable failure) {
    boolean unexpected = !failing && isFirst(command);
    refuted();
    if (unexpected) { // what is known rests on events that are lost
      stored = beginning;
      remembered = new RememberedCommands(capacity);
      breaks(command, failure);
    }
    return unexpected;
  }

  @SuppressWarnings("ReferenceEquality") // a command is itself only
  private boolean isFirst(PendingCommand<C, S, E> command) {
    for (PendingCommand<C, S, E> other : inOrder) {
      if (other == command) {
        return true;
      }
      if (other.after != null && other.outcome == null) {
        return false; // an append under way
      }
    }
    return false;
  }

  /** The store has failed; the command is none of the unsettled ones any more. */
  synchronized void failed(PendingCommand<C, S, E> command, @Nullable Throwable failure) {
    refuted();
    breaks(command, failure);
  }

  private void breaks(PendingCommand<C, S, E> command, @Nullable Throwable failure) {
    remove(command);
    broken = failure;
  }

  private void remove(PendingCommand<C, S, E> command) {
    inOrder.remove(command);
    byId.remove(command.id);
  }

  /** Whether an append has failed and all others are answered, so that {@link #restart} is due. */
  synchronized boolean isToRestart() {
    return failing && appendsUnderWay == 0;
  }

  /**
   * What can be answered.
   *
   * @param commands in order of acceptance
   * @param latest the one that the stored state now ends with; null if that has not changed
   */
  record Settled<C, S, E>(
      List<PendingCommand<C, S, E>> commands, @Nullable PendingCommand<C, S, E> latest) {}

  /** Takes out the commands at the front that can be answered. */
  synchronized Settled<C, S, E> settle() {
    List<PendingCommand<C, S, E>> settled = new ArrayList<>(1);
    PendingCommand<C, S, E> latest = null;
    for (PendingCommand<C, S, E> command = inOrder.peek();
        command != null && command.outcome != null;
        command = inOrder.peek()) {
      Receipt receipt = command.receipt();
      if (receipt != null && command.after != null) {
        remember(command.id, receipt.firstVersion(), !(command.outcome instanceof NotDurable));
        // Else a commit before it may be stored that nobody remembers yet, or more was read.
        if (!failing && command.after.version() > stored.version()) {
          stored = command.after;
          latest = command;
        }
      } else if (failing && !isBeforeStored()) {
        break; // decided on a state that never came to be
      }
      inOrder.remove();
      byId.remove(command.id);
      settled.add(command);
    }
    return new Settled<>(settled, latest);
  }

  /** What is before a stored command was decided on a state that came to be. */
  private boolean isBeforeStored() {
    return inOrder.stream().anyMatch(command -> command.receipt() != null);
  }

  /**
   * What a failure has left without an answer.
   *
   * @param commands in order of acceptance
   * @param broken why an append failed in the store; null if all were only refuted
   */
  record Restart<C, S, E>(List<PendingCommand<C, S, E>> commands, @Nullable Throwable broken) {}

  /**
   * Takes all of that out, and lets commands pass again; null if that is not due. Commands before a
   * stored one stay: they only wait for what the store knows of them.
   */
  synchronized @Nullable Restart<C, S, E> restart() {
    if (!isToRestart()) {
      return null;
    }
    Deque<PendingCommand<C, S, E>> again = new ArrayDeque<>();
    for (PendingCommand<C, S, E> last = inOrder.peekLast();
        last != null && last.receipt() == null;
        last = inOrder.peekLast()) {
      remove(last);
      last.attempts++;
      again.addFirst(last);
    }
    List<PendingCommand<C, S, E>> commands = new ArrayList<>(again);
    commands.addAll(behindFailure);
    behindFailure.clear();
    Restart<C, S, E> restart = new Restart<>(commands, broken);
    failing = false;
    broken = null;
    return restart;
  }
}
