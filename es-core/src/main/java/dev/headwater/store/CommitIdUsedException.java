package dev.headwater.store;

import dev.headwater.event.StreamId;

/**
 * A commit was not stored because its id belongs to a commit to another stream. An id names one
 * command for ever: it goes to the same stream whenever it comes again.
 */
public final class CommitIdUsedException extends EventStoreException {
  /**
   * For a commit to a stream.
   *
   * @param usedFor the other stream, and where in it
   */
  public CommitIdUsedException(String commitId, StreamId stream, String usedFor) {
    super(
        "commit "
            + commitId
            + " to "
            + stream
            + " was not stored: its id was used before, for "
            + usedFor
            + "; give each command an id of its own, and send a repeated one to the same stream");
  }
}
