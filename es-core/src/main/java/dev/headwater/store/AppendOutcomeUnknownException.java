package dev.headwater.store;

import dev.headwater.event.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * A commit was sent, and the store could not be asked what became of it. Appending the same commit
 * again resolves it: it is never stored twice.
 */
public final class AppendOutcomeUnknownException extends EventStoreException {
  /** For a commit to a stream. */
  public AppendOutcomeUnknownException(
      String commitId, StreamId stream, String reason, @Nullable Throwable cause) {
    super(
        "unknown whether commit "
            + commitId
            + " to "
            + stream
            + " was stored: "
            + reason
            + "; append the same commit again to find out, it is never stored twice",
        cause);
  }
}
