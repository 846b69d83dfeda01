package dev.headwater.telemetry;

import dev.headwater.event.Position;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.store.EventStore;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a projection is told of a batch, made of everything that a store holds. */
final class Batches {
  private Batches() {}

  static BatchCommitted live(EventStore store, int partitions) {
    List<Position> start =
        IntStream.range(0, partitions)
            .mapToObj(store::head)
            .map(head -> Position.start(head.partition(), head.epoch()))
            .toList();
    List<PartitionBatch> all = new ArrayList<>();
    try (Subscription subscription =
        store.subscribe(new SubscriptionSpec("batches", "test", start, type -> true, 1_000))) {
      List<PartitionBatch> polled = subscription.poll(Duration.ofSeconds(5));
      while (!polled.isEmpty()) {
        all.addAll(polled);
        polled = subscription.poll(Duration.ZERO);
      }
    }
    List<Position> to = all.stream().map(PartitionBatch::next).toList();
    List<Position> from = to.stream().map(next -> start.get(next.partition())).toList();
    return new BatchCommitted(all, from, to, true, 1_000, 2_000, 3_000);
  }
}
