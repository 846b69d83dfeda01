package dev.headwater.aggregate;

import dev.headwater.event.Metadata;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.OverloadedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes commands to the aggregates of one type. Implemented by {@link AggregateRuntime} and by what
 * is put around it, such as metrics and traces; called by applications and the command bus.
 * Thread-safe.
 *
 * @param <C> commands
 * @param <E> events
 */
@FunctionalInterface
public interface HandleCommands<C, E> {
  /**
   * Hands a command to an aggregate.
   *
   * @param aggregateId which aggregate
   * @param commandId identifies the command for ever, and becomes the commit's id; the same id
   *     again is not decided again
   * @param metadata stored with its events
   * @return completes with the outcome, possibly on a thread that must not be blocked;
   *     exceptionally with an {@link EventStoreException} where the store failed, at once with an
   *     {@link OverloadedException} where too many commands wait, or with what the decider threw
   */
  CompletableFuture<CommandOutcome<E>> handle(
      String aggregateId, String commandId, Metadata metadata, C command);

  /** {@link #handle} and wait for the outcome. */
  default CommandOutcome<E> handleAndWait(
      String aggregateId, String commandId, Metadata metadata, C command) {
    try {
      return handle(aggregateId, commandId, metadata, command).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
