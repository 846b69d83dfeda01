package dev.headwater.aggregate;

import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.StoreWentBackException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Why an append failed, as the sender of its command is told. */
final class AppendFailures {
  private AppendFailures() {}

  /** The store knows less of a stream than it did. */
  static StoreWentBackException wentBack(StoreBehind behind) {
    return new StoreWentBackException(
        "stream "
            + behind.stream()
            + " was at version "
            + behind.expected()
            + " and is at "
            + behind.actual()
            + " now: the store has lost events; stop writing and compare it with its replicas and"
            + " backups");
  }

  /** A commit that was read is not in the stream any more. */
  static StoreWentBackException goneFrom(StreamId stream) {
    return new StoreWentBackException(
        "stream "
            + stream
            + " has other events than it had: the store was emptied or replaced; stop writing and"
            + " compare it with its replicas and backups");
  }

  /** What a future of the store has failed with. */
  static Throwable cause(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    return cause != null ? cause : new IllegalStateException("the store gave no result");
  }
}
