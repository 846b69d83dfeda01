package dev.headwater.projection;

import dev.headwater.event.RecordedEvent;
import dev.headwater.readmodel.Rows;

/**
 * What one kind of event does to a read model.
 *
 * @param <E> the domain event
 */
@FunctionalInterface
public interface EventHandler<E> {
  /**
   * Changes rows. Throwing rolls the whole batch back and stops the projection as failed, except
   * where the cause is a database that can't be reached: then the batch is tried again. It is tried
   * a few times where the cause is an {@code SQLException} without SQLState.
   *
   * @param event the domain event
   * @param recorded where it comes from: stream, version, commit, metadata
   * @param rows the read model
   */
  void handle(E event, RecordedEvent recorded, Rows rows) throws Exception;
}
