package dev.headwater.projection;

import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.PartitionBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event and where it was delivered.
 *
 * @param payload what it decodes to; null if that is yet to be done, or fails
 */
record PartitionEvent(int partition, long epoch, SequencedEvent event, @Nullable Object payload) {
  /** Those of some batches, none decoded yet. */
  static List<PartitionEvent> of(List<PartitionBatch> batches) {
    List<PartitionEvent> all = new ArrayList<>();
    for (PartitionBatch batch : batches) {
      for (SequencedEvent event : batch.events()) {
        all.add(new PartitionEvent(batch.next().partition(), batch.next().epoch(), event, null));
      }
    }
    return all;
  }

  StreamId stream() {
    return event.event().stream();
  }

  long version() {
    return event.event().version();
  }
}
