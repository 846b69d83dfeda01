package dev.headwater.store;

import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import java.util.List;

/**
 * Events of one partition in order, whole commits only.
 *
 * @param events those that the subscriber wants; may be empty where all were passed over
 * @param next the checkpoint once they have been handled, passed-over events included
 */
public record PartitionBatch(List<SequencedEvent> events, Position next) {
  /** Copies the list. */
  public PartitionBatch {
    events = List.copyOf(events);
  }
}
