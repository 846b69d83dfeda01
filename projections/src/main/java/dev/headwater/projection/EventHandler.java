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
   * Changes rows. Throwing parks the event's aggregate: what the batch's other events did is kept,
   * this event and those behind it of the same aggregate wait for {@link ParkedAggregates#retry}.
   * Except where the cause is a database that can't be reached, or one that lacks what the
   * handler's SQL names: then the batch is tried again, or the projection stops as failed. It is
   * tried a few times where the cause is an {@code SQLException} without SQLState.
   *
   * <p>A handler may be called again for the same event, after what it changed was rolled back.
   *
   * @param event the domain event, to be left unchanged: other projections are given the same
   *     object
   * @param recorded where it comes from: stream, version, commit, metadata
   * @param rows the read model
   */
  void handle(E event, RecordedEvent recorded, Rows rows) throws Exception;
}
