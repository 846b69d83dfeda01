package dev.headwater.store;

import java.time.Duration;
import java.util.List;

/**
 * Delivers events to one subscriber: by range in large batches while it is behind, then as they
 * arrive. Not thread-safe: one thread polls, and closes it when it fails or ends.
 *
 * <p>It remembers what it delivered, not what the subscriber made of it: the subscriber's
 * checkpoint is the truth, and whoever failed to handle a batch closes the subscription and opens
 * another at the checkpoint.
 */
public interface Subscription extends AutoCloseable {
  /**
   * The next events, at most one batch a partition; empty if none arrived within {@code maxWait}.
   *
   * @throws StoreUnavailableException if the store can't be reached now; the same call may be made
   *     again
   * @throws StoreWentBackException if the store's history is no longer the one that was subscribed
   *     to
   */
  List<PartitionBatch> poll(Duration maxWait);

  @Override
  void close();
}
