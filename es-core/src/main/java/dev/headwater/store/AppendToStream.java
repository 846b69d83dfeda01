package dev.headwater.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Appends commits. Called by the command path; implemented by stores. */
public interface AppendToStream {
  /**
   * Appends one commit, all of its events or none, and answers when it has reached a level of
   * durability, or when that takes too long.
   *
   * <p>Commits to one stream that one thread hands over are appended in that order, so the next one
   * may expect the version that this one will reach without waiting for it. Appending a commit that
   * is already stored changes nothing and gives the receipt of the first time, marked as a
   * duplicate: that is how an unknown outcome is resolved. The level is proven again then. At the
   * same expected version it is recognised for ever; at another one, or with other events, as long
   * as the store keeps its id, see {@link FindCommit}.
   *
   * @return completes with the outcome, possibly on a thread that must not be blocked; completes
   *     exceptionally with {@link AppendOutcomeUnknownException} if the store could not be reached
   *     for long enough after the commit may have been sent, or another {@link EventStoreException}
   *     if the commit was certainly not stored, such as {@link CommitIdUsedException} if the id
   *     belongs to another stream
   */
  CompletableFuture<AppendResult> append(Commit commit, Durability durability);

  /** The level at which this store appends where none is named. */
  default Durability durability() {
    return Durability.memory();
  }

  /** {@link #append(Commit, Durability)} at the store's own level. */
  default CompletableFuture<AppendResult> append(Commit commit) {
    return append(commit, durability());
  }

  /** {@link #append(Commit)} and wait for the outcome. */
  default AppendResult appendAndWait(Commit commit) {
    return appendAndWait(commit, durability());
  }

  /** {@link #append(Commit, Durability)} and wait for the outcome. */
  default AppendResult appendAndWait(Commit commit, Durability durability) {
    try {
      return append(commit, durability).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EventStoreException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
