package dev.headwater.store;

import dev.headwater.event.StreamId;

/** What came of an append. */
public sealed interface AppendResult {
  /** The commit is stored. */
  record Appended(Receipt receipt) implements AppendResult {}

  /** Not stored: the stream has moved on to {@code actual}. Load and decide again. */
  record Conflict(StreamId stream, long expected, long actual) implements AppendResult {}

  /**
   * Not stored: the stream ends before the expected version. Either an append that this one builds
   * on was not stored, or the store has lost events that somebody has seen (a fail-over, a restored
   * backup). The second is never to be retried silently.
   */
  record StoreBehind(StreamId stream, long expected, long actual) implements AppendResult {}
}
