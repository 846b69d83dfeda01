package dev.headwater.projection;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.event.Metadata;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.Receipt;
import java.time.Duration;

/**
 * Sends commands and returns when a projection shows what they did, whichever process runs it: for
 * a caller who looks at the read model next. Thread-safe.
 *
 * @param <C> commands
 * @param <E> events
 */
public final class ReadYourWrites<C, E> {
  private final AggregateRuntime<C, ?, E> commands;
  private final ReadPartitions store;
  private final AwaitProjection projections;

  /**
   * On a runtime's aggregates.
   *
   * @param store where the runtime keeps their events
   * @param projections a {@link ProjectionRunner} or a {@link ProjectionWatch}
   */
  public ReadYourWrites(
      AggregateRuntime<C, ?, E> commands, ReadPartitions store, AwaitProjection projections) {
    this.commands = commands;
    this.store = store;
    this.projections = projections;
  }

  /**
   * Handles a command as {@link AggregateRuntime#handleAndWait} does, then waits for the
   * projection.
   *
   * <p>A command that was handled before, or changed nothing, is waited for too: the projection
   * then shows the state that the answer rests on.
   *
   * @param timeout for the projection, from the moment when the command's outcome is known
   * @throws RuntimeException what the runtime throws
   * @throws IllegalArgumentException if there is no projection of that name
   */
  public Shown<E> handle(
      String aggregateId,
      String commandId,
      Metadata metadata,
      C command,
      String projection,
      Duration timeout) {
    CommandOutcome<E> outcome = commands.handleAndWait(aggregateId, commandId, metadata, command);
    return switch (outcome) {
      case CommandOutcome.Rejected<E> rejected -> new Shown.Nothing<>(rejected);
      case CommandOutcome.Accepted<E>(Receipt receipt, var events) ->
          await(outcome, receipt.position(), projection, timeout);
      case CommandOutcome.NotDurable<E>(Receipt receipt, var asked, var reason) ->
          await(outcome, receipt.position(), projection, timeout);
      case CommandOutcome.Unchanged<E>(StreamId stream, long version) ->
          await(outcome, end(stream), projection, timeout);
      case CommandOutcome.AlreadyHandled<E>(StreamId stream, long version, var receipt) ->
          await(
              outcome,
              receipt.map(Receipt::position).orElseGet(() -> end(stream)),
              projection,
              timeout);
    };
  }

  /** Where the position is not known: it is at or before the end of the partition. */
  private Position end(StreamId stream) {
    return store.head(store.partitionOf(stream));
  }

  private Shown<E> await(
      CommandOutcome<E> outcome, Position position, String projection, Duration timeout) {
    return switch (projections.await(position, projection, timeout)) {
      case Awaited.Reached reached -> new Shown.Yes<>(outcome);
      case Awaited.TimedOut(ProjectionStatus status) -> new Shown.NotYet<>(outcome, status);
      case Awaited.Halted(ProjectionStatus status) -> new Shown.NotNow<>(outcome, status);
    };
  }
}
