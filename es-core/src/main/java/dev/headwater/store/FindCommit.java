package dev.headwater.store;

import dev.headwater.event.StreamId;
import java.util.Optional;

/**
 * Tells what became of a command. Called by the command path before it answers a command that leads
 * to no events: had it been handled before, the answer is that, and not what its repetition would
 * lead to now.
 */
public interface FindCommit {
  /**
   * The receipt of the commit with this id in this stream, marked as a duplicate; empty if it is
   * not stored or the store does not keep its id any more. A store keeps the ids of the latest
   * commits of each partition; how many, its documentation says.
   *
   * @throws StoreUnavailableException if the store can't be reached now
   */
  Optional<Receipt> find(StreamId stream, String commitId);
}
