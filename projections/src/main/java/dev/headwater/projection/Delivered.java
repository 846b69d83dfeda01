package dev.headwater.projection;

import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.PartitionBatch;
import java.util.ArrayList;
import java.util.List;

/** An event and where it was delivered. */
record Delivered(int partition, long epoch, SequencedEvent event) {
  static List<Delivered> of(List<PartitionBatch> batches) {
    List<Delivered> all = new ArrayList<>();
    for (PartitionBatch batch : batches) {
      for (SequencedEvent event : batch.events()) {
        all.add(of(batch, event));
      }
    }
    return all;
  }

  static Delivered of(PartitionBatch batch, SequencedEvent event) {
    return new Delivered(batch.next().partition(), batch.next().epoch(), event);
  }

  StreamId stream() {
    return event.event().stream();
  }

  long version() {
    return event.event().version();
  }
}
