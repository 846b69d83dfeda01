package dev.headwater.process;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an input leads to: a new state, commands, timers. Immutable.
 *
 * @param commands sent in this order
 * @param timers changed in this order
 * @param ended whether the instance reacts to nothing any more; its timers are cancelled
 */
public record Reaction<S, C>(
    S state, List<Sending<C>> commands, List<TimerChange> timers, boolean ended) {
  /** Copies the lists. */
  public Reaction {
    commands = List.copyOf(commands);
    timers = List.copyOf(timers);
  }

  /** A command for an aggregate. */
  public record Sending<C>(String aggregateId, C command) {}

  /** Something about a timer of the instance. */
  public sealed interface TimerChange {
    /** See {@link Reaction#startTimer}. */
    record Started(String timer, Duration delay) implements TimerChange {}

    /** See {@link Reaction#startTimerAt}. */
    record StartedAt(String timer, Instant at) implements TimerChange {}

    /** See {@link Reaction#cancelTimer}. */
    record Cancelled(String timer) implements TimerChange {}
  }

  /** A new state, or the same one, and nothing else yet. */
  public static <S, C> Reaction<S, C> to(S state) {
    return new Reaction<>(state, List.of(), List.of(), false);
  }

  /** Sends a command too. */
  public Reaction<S, C> send(String aggregateId, C command) {
    return new Reaction<>(
        state, with(commands, new Sending<>(aggregateId, command)), timers, ended);
  }

  /**
   * Starts a timer too, instead of one of the same name that runs.
   *
   * @param timer 1 to 200 characters
   * @param delay counted from when the input happened: {@code occurredAt} of the event, the time
   *     for which a timer was set. What is over by then is due at once
   */
  public Reaction<S, C> startTimer(String timer, Duration delay) {
    return new Reaction<>(
        state, commands, with(timers, new TimerChange.Started(timer, delay)), ended);
  }

  /** The same, due at a time that is known. */
  public Reaction<S, C> startTimerAt(String timer, Instant at) {
    return new Reaction<>(
        state, commands, with(timers, new TimerChange.StartedAt(timer, at)), ended);
  }

  /** Cancels a timer too, if it runs. */
  public Reaction<S, C> cancelTimer(String timer) {
    return new Reaction<>(state, commands, with(timers, new TimerChange.Cancelled(timer)), ended);
  }

  /** Ends the instance. */
  public Reaction<S, C> end() {
    return new Reaction<>(state, commands, timers, true);
  }

  private static <T> List<T> with(List<T> list, T last) {
    List<T> all = new ArrayList<>(list);
    all.add(last);
    return all;
  }
}
