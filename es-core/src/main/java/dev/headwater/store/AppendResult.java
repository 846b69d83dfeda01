package dev.headwater.store;

import dev.headwater.event.StreamId;

/** What came of an append. */
public sealed interface AppendResult {
  /** The commit is stored, as durably as was asked. */
  record Appended(Receipt receipt) implements AppendResult {}

  /**
   * The commit is stored, but not proven to be as durable as was asked, in time. Neither a success
   * nor a lost commit: its events are there to be read, and later ones may build on them. Append
   * the same commit again at the same level to have it proven; nothing is stored twice.
   *
   * @param receipt with the level that is proven
   * @param asked the level that is not
   * @param reason why, and what to set
   */
  record NotDurable(Receipt receipt, Durability asked, String reason) implements AppendResult {}

  /** Not stored: the stream has moved on to {@code actual}. Load and decide again. */
  record Conflict(StreamId stream, long expected, long actual) implements AppendResult {}

  /**
   * Not stored: the stream ends before the expected version. Either an append that this one builds
   * on was not stored, or the store has lost events that somebody has seen (a fail-over, a restored
   * backup). The second is never to be retried silently.
   */
  record StoreBehind(StreamId stream, long expected, long actual) implements AppendResult {}
}
