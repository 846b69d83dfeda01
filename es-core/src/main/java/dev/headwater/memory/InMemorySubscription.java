package dev.headwater.memory;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Polls the partitions in turn from where it has come; the group's name is of no use to a single
 * process.
 */
final class InMemorySubscription implements Subscription {
  private final InMemoryEventStore store;
  private final SubscriptionSpec spec;
  private final List<Position> reached;

  InMemorySubscription(InMemoryEventStore store, SubscriptionSpec spec) {
    this.store = store;
    this.spec = spec;
    this.reached = new ArrayList<>(spec.from());
    reached.forEach(from -> store.requireKnown("projection " + spec.group(), from));
  }

  @Override
  public List<PartitionBatch> poll(Duration maxWait) {
    long deadline = System.nanoTime() + maxWait.toNanos();
    synchronized (store) {
      List<PartitionBatch> batches = available();
      long millis = maxWait.toMillis();
      while (batches.isEmpty() && millis > 0) {
        try {
          store.wait(millis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return batches;
        }
        batches = available();
        millis = (deadline - System.nanoTime()) / 1_000_000;
      }
      return batches;
    }
  }

  private List<PartitionBatch> available() {
    List<PartitionBatch> batches = new ArrayList<>();
    int room = spec.maxEvents();
    for (int i = 0; i < reached.size() && room > 0; i++) {
      room -= takeFrom(i, room, batches);
    }
    return batches;
  }

  private int takeFrom(int index, int room, List<PartitionBatch> batches) {
    Position from = reached.get(index);
    List<RecordedEvent> events = store.behind(from.partition(), from.sequence(), room);
    if (events.isEmpty()) {
      return 0;
    }
    List<SequencedEvent> wanted = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      if (spec.wanted().test(events.get(i).type())) {
        wanted.add(new SequencedEvent(from.sequence() + i + 1, events.get(i)));
      }
    }
    reached.set(index, store.at(from.partition(), from.sequence() + events.size()));
    batches.add(new PartitionBatch(wanted, reached.get(index)));
    return events.size();
  }

  @Override
  public void close() {}
}
