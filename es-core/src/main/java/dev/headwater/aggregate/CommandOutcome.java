package dev.headwater.aggregate;

import dev.headwater.event.StreamId;
import dev.headwater.store.Durability;
import dev.headwater.store.Receipt;
import java.util.List;
import java.util.Optional;

/**
 * What came of a command.
 *
 * @param <E> the aggregate's events
 */
public sealed interface CommandOutcome<E> {
  /** Its events are stored, as durably as was asked. */
  record Accepted<E>(Receipt receipt, List<E> events) implements CommandOutcome<E> {}

  /**
   * Its events are stored, but not proven to be as durable as was asked, in time. The aggregate
   * goes on with them. Send the same command again, under the same id, to have it proven: the
   * answer is then {@link AlreadyHandled}, or this one again.
   *
   * @param receipt with the level that is proven
   * @param asked the level that is not
   * @param reason why, and what to set
   */
  record NotDurable<E>(Receipt receipt, Durability asked, String reason)
      implements CommandOutcome<E> {}

  /** It was allowed and changes nothing. */
  record Unchanged<E>(StreamId stream, long version) implements CommandOutcome<E> {}

  /** A rule forbids it. */
  record Rejected<E>(String code, String message) implements CommandOutcome<E> {}

  /**
   * A command with the same id was accepted before; its events begin at {@code firstVersion}.
   * Nothing was done.
   *
   * @param receipt that of the first time; empty where the aggregate knows the id from its events
   *     and the store was not asked
   */
  record AlreadyHandled<E>(StreamId stream, long firstVersion, Optional<Receipt> receipt)
      implements CommandOutcome<E> {
    /** Known from the stream's events alone. */
    public AlreadyHandled(StreamId stream, long firstVersion) {
      this(stream, firstVersion, Optional.empty());
    }

    /** With the receipt of the first time. */
    public AlreadyHandled(Receipt receipt) {
      this(receipt.stream(), receipt.firstVersion(), Optional.of(receipt));
    }
  }
}
