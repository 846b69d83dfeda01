package dev.headwater.process;

import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.event.Metadata;

/**
 * Sends the commands of a process. {@code runtime::handleAndWait} of an {@link
 * dev.headwater.aggregate.AggregateRuntime} is one; a process that commands several types of
 * aggregates picks the runtime by the command. Thread-safe.
 */
@FunctionalInterface
public interface SendCommand<C> {
  /**
   * Sends a command and waits for the outcome. What it throws makes the process try again, with the
   * same id.
   */
  CommandOutcome<?> send(String aggregateId, String commandId, Metadata metadata, C command);
}
