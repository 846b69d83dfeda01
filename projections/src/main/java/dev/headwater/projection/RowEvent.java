package dev.headwater.projection;

import dev.headwater.event.RecordedEvent;

/**
 * An event that touched a row of a read model.
 *
 * @param partition of the event store
 * @param sequence its number in that partition
 * @param event the domain event, of its present revision
 * @param recorded as it is stored, with who and when
 */
public record RowEvent(int partition, long sequence, Object event, RecordedEvent recorded) {}
