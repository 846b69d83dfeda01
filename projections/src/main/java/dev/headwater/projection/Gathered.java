package dev.headwater.projection;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.PartitionBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is to be applied together.
 *
 * @param batches as the store delivered them, without those that have no events
 * @param events all of them, in the same order
 * @param reached the position in each partition when they are applied
 * @param nanos how long it took to get them
 */
record Gathered(
    List<PartitionBatch> batches,
    List<PartitionEvent> events,
    Map<Integer, Position> reached,
    long nanos) {

  /** Without the events that only others want. */
  Gathered only(Predicate<EventType> wanted) {
    List<PartitionBatch> mine = new ArrayList<>();
    for (PartitionBatch batch : batches) {
      List<SequencedEvent> some =
          batch.events().stream().filter(event -> wanted.test(event.event().type())).toList();
      if (!some.isEmpty()) {
        mine.add(new PartitionBatch(some, batch.next()));
      }
    }
    List<PartitionEvent> some =
        events.stream().filter(event -> wanted.test(event.event().event().type())).toList();
    return new Gathered(mine, some, reached, nanos);
  }
}
