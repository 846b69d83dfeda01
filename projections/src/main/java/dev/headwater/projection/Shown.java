package dev.headwater.projection;

import dev.headwater.aggregate.CommandOutcome;

/**
 * Whether a projection shows what a command did.
 *
 * @param <E> the aggregate's events
 */
public sealed interface Shown<E> {
  /** What came of the command. */
  CommandOutcome<E> command();

  /**
   * The read model shows it, unless the projection has parked the aggregate: see {@link
   * Awaited.Reached}.
   */
  record Yes<E>(CommandOutcome<E> command) implements Shown<E> {}

  /** Not within the time; it will, {@code status} says how far the projection is. */
  record NotYet<E>(CommandOutcome<E> command, ProjectionStatus status) implements Shown<E> {}

  /** The projection has failed or was stopped, {@code status} says why. The events are stored. */
  record NotNow<E>(CommandOutcome<E> command, ProjectionStatus status) implements Shown<E> {}

  /** The command was rejected: there is nothing to be shown. */
  record Nothing<E>(CommandOutcome.Rejected<E> command) implements Shown<E> {}
}
