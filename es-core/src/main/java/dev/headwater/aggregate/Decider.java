package dev.headwater.aggregate;

import java.util.List;

/**
 * The rules of one type of aggregate as pure functions; written by domain developers, called by
 * {@link AggregateRuntime} and by the given/when/then fixture.
 *
 * <p>Pure: no clock, no random numbers, no I/O, and no change to the state that was passed in; what
 * a rule needs to know comes with the command. Then the same events always give the same state.
 * Implementations are thread-safe by having no state of their own.
 *
 * @param <C> commands, a sealed interface of records
 * @param <S> state, immutable
 * @param <E> events, a sealed interface of records
 */
public interface Decider<C, S, E> {
  /** The state before the first event. */
  S initial();

  /**
   * The events that a command leads to in a state; none where it changes nothing.
   *
   * @throws Rejection if a rule forbids it
   */
  List<E> decide(C command, S state);

  /** The state after an event. Total: an event that was stored is a fact and can't be refused. */
  S evolve(S state, E event);
}
