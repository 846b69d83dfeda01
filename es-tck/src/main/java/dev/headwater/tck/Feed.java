package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.EventStore;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A subscriber that keeps what it gets, and checks of every batch what holds for all of them. */
final class Feed implements AutoCloseable {
  static final Predicate<EventType> EVERYTHING = type -> true;

  private final Subscription subscription;
  private final Duration patience;
  private final Map<Integer, Position> reached = new HashMap<>();
  private final List<SequencedEvent> events = new ArrayList<>();
  private int largestPoll;

  Feed(EventStore store, SubscriptionSpec spec, Duration patience) {
    this.subscription = store.subscribe(spec);
    this.patience = patience;
    spec.from().forEach(position -> reached.put(position.partition(), position));
  }

  /** Polls once. */
  List<PartitionBatch> poll(Duration maxWait) {
    List<PartitionBatch> batches = subscription.poll(maxWait);
    assertThat(batches.stream().map(batch -> batch.next().partition())).doesNotHaveDuplicates();
    batches.forEach(this::take);
    largestPoll =
        Math.max(largestPoll, batches.stream().mapToInt(batch -> batch.events().size()).sum());
    return batches;
  }

  private void take(PartitionBatch batch) {
    Position before = reached.get(batch.next().partition());
    if (before == null) {
      throw new AssertionError("nobody asked for the partition of " + batch.next());
    }
    long sequence = before.sequence();
    for (SequencedEvent event : batch.events()) {
      assertThat(event.sequence()).as("order in the partition").isGreaterThan(sequence);
      sequence = event.sequence();
      events.add(event);
    }
    assertThat(batch.next().epoch()).isEqualTo(before.epoch());
    assertThat(batch.next().sequence())
        .as("next")
        .isGreaterThan(before.sequence())
        .isGreaterThanOrEqualTo(sequence);
    reached.put(batch.next().partition(), batch.next());
  }

  /** Polls until so many events have come in all. */
  Feed awaitEvents(int count) {
    awaitAtLeast(count);
    assertThat(events.size()).as("events that came").isEqualTo(count);
    return this;
  }

  /** Polls until so many events have come in all, or more. */
  void awaitAtLeast(int count) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (events.size() < count && System.nanoTime() < deadline) {
      poll(Duration.ofMillis(50));
    }
    assertThat(events.size()).as("events that came").isGreaterThanOrEqualTo(count);
  }

  /** Polls until each of the positions is passed. */
  Feed awaitPositions(List<Position> positions) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!hasPassed(positions) && System.nanoTime() < deadline) {
      poll(Duration.ofMillis(50));
    }
    assertThat(positions).allMatch(this::hasPassed);
    return this;
  }

  private boolean hasPassed(List<Position> positions) {
    return positions.stream().allMatch(this::hasPassed);
  }

  private boolean hasPassed(Position position) {
    Position here = reached.get(position.partition());
    return here != null && here.isAtOrAfter(position);
  }

  List<RecordedEvent> events() {
    return events.stream().map(SequencedEvent::event).toList();
  }

  List<SequencedEvent> sequenced() {
    return events;
  }

  /** The checkpoints. */
  List<Position> reached() {
    return List.copyOf(reached.values());
  }

  int largestPoll() {
    return largestPoll;
  }

  @Override
  public void close() {
    subscription.close();
  }
}
