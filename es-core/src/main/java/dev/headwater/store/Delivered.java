package dev.headwater.store;

import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import java.util.List;

/**
 * Events that were delivered together and are acknowledged together: whole commits of one stream.
 *
 * @param events those that the group wants, at least one, in their order
 * @param position place of the last event of these commits, unwanted ones included
 */
public record Delivered(List<SequencedEvent> events, Position position) {
  /** Copies the list. */
  public Delivered {
    events = List.copyOf(events);
  }
}
