package dev.headwater.aggregate;

import dev.headwater.event.StreamId;
import dev.headwater.store.Receipt;
import java.util.List;

/**
 * What came of a command.
 *
 * @param <E> the aggregate's events
 */
public sealed interface CommandOutcome<E> {
  /** Its events are stored. */
  record Accepted<E>(Receipt receipt, List<E> events) implements CommandOutcome<E> {}

  /** It was allowed and changes nothing. */
  record Unchanged<E>(StreamId stream, long version) implements CommandOutcome<E> {}

  /** A rule forbids it. */
  record Rejected<E>(String code, String message) implements CommandOutcome<E> {}

  /**
   * A command with the same id was accepted before; its events begin at {@code firstVersion}.
   * Nothing was done.
   */
  record AlreadyHandled<E>(StreamId stream, long firstVersion) implements CommandOutcome<E> {}
}
