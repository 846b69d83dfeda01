package dev.headwater.projection;

import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.PartitionBatch;
import java.util.ArrayList;
import java.util.List;

/** An event and where it was delivered. */
record PartitionEvent(int partition, long epoch, SequencedEvent event) {
  static List<PartitionEvent> of(List<PartitionBatch> batches) {
    List<PartitionEvent> all = new ArrayList<>();
    for (PartitionBatch batch : batches) {
      for (SequencedEvent event : batch.events()) {
        all.add(of(batch, event));
      }
    }
    return all;
  }

  static PartitionEvent of(PartitionBatch batch, SequencedEvent event) {
    return new PartitionEvent(batch.next().partition(), batch.next().epoch(), event);
  }

  StreamId stream() {
    return event.event().stream();
  }

  long version() {
    return event.event().version();
  }
}
