package dev.headwater.axon.engine;

import static java.util.Objects.requireNonNull;

import dev.headwater.axon.engine.PartitionsToken.Reached;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.EventStore;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds tokens in a store. A token at a moment is before each partition's first event of that
 * moment or later; the store has no order by time, so the search reads from the start.
 */
final class TokenSearch {
  private static final Duration WAIT = Duration.ofSeconds(2);

  private final EventStore store;
  private final MessageMapping mapping;

  TokenSearch(EventStore store, MessageMapping mapping) {
    this.store = store;
    this.mapping = mapping;
  }

  PartitionsToken first() {
    return PartitionsToken.at(starts(heads()));
  }

  PartitionsToken latest() {
    return PartitionsToken.at(heads());
  }

  private List<Position> heads() {
    return IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
  }

  private static List<Position> starts(List<Position> heads) {
    return heads.stream().map(head -> Position.start(head.partition(), head.epoch())).toList();
  }

  /** Reads in the name of a consumer group. */
  PartitionsToken at(Instant moment, String group) {
    List<Position> heads = heads();
    Map<Integer, Reached> found = new HashMap<>();
    List<Position> open = new ArrayList<>();
    for (Position head : heads) {
      if (head.sequence() == 0) {
        found.put(head.partition(), Reached.at(head));
      } else {
        open.add(head);
      }
    }
    if (!open.isEmpty()) {
      search(moment, group, open, found);
    }
    return new PartitionsToken(heads.stream().map(head -> found.get(head.partition())).toList());
  }

  private void search(
      Instant moment, String group, List<Position> heads, Map<Integer, Reached> found) {
    Map<Integer, Position> ends = new HashMap<>();
    Map<Integer, Position> anchors = new HashMap<>();
    heads.forEach(head -> ends.put(head.partition(), head));
    starts(heads).forEach(start -> anchors.put(start.partition(), start));
    SubscriptionSpec spec =
        new SubscriptionSpec(group, group, starts(heads), type -> true, TailingStream.BATCH);
    int wanted = found.size() + heads.size();
    try (Subscription subscription = store.subscribe(spec)) {
      while (found.size() < wanted) {
        long begin = System.nanoTime();
        List<PartitionBatch> batches = subscription.poll(WAIT);
        if (batches.isEmpty() && System.nanoTime() - begin < WAIT.toNanos() / 2) {
          throw new StoreUnavailableException("the store is being closed", null);
        }
        for (PartitionBatch batch : batches) {
          int partition = batch.next().partition();
          if (!found.containsKey(partition)) {
            look(
                batch,
                moment,
                requireNonNull(anchors.get(partition)),
                requireNonNull(ends.get(partition)),
                found);
            anchors.put(partition, batch.next());
          }
        }
      }
    }
  }

  private void look(
      PartitionBatch batch,
      Instant moment,
      Position anchor,
      Position end,
      Map<Integer, Reached> found) {
    for (SequencedEvent event : batch.events()) {
      if (!mapping.message(event.event()).timestamp().isBefore(moment)) {
        found.put(anchor.partition(), new Reached(anchor, event.sequence() - 1));
        return;
      }
    }
    if (batch.next().sequence() >= end.sequence()) {
      found.put(anchor.partition(), Reached.at(batch.next()));
    }
  }
}
