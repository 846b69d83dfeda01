package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A member of a group that keeps what it gets. */
final class Member implements AutoCloseable {
  private final Deliveries deliveries;
  private final Duration patience;
  private final List<Delivered> got = new ArrayList<>();

  Member(Deliveries deliveries, Duration patience) {
    this.deliveries = deliveries;
    this.patience = patience;
  }

  Deliveries deliveries() {
    return deliveries;
  }

  /** Polls once. */
  List<Delivered> poll(Duration maxWait) {
    List<Delivered> polled = deliveries.poll(maxWait);
    assertThat(polled).allSatisfy(delivered -> assertThat(delivered.events()).isNotEmpty());
    got.addAll(polled);
    return polled;
  }

  /** Polls until so many events have come in all. */
  Member awaitEvents(int count) {
    return awaitEvents(count, false);
  }

  /** The same, acknowledging each of them. */
  Member handleEvents(int count) {
    return awaitEvents(count, true);
  }

  private Member awaitEvents(int count, boolean acknowledge) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (events().size() < count && System.nanoTime() < deadline) {
      List<Delivered> polled = poll(Duration.ofMillis(50));
      if (acknowledge) {
        deliveries.acknowledge(polled);
      }
    }
    assertThat(events().size()).as("events that came").isEqualTo(count);
    return this;
  }

  /** Acknowledges all that came. */
  void acknowledgeAll() {
    deliveries.acknowledge(got);
  }

  List<Delivered> got() {
    return got;
  }

  List<RecordedEvent> events() {
    return got.stream()
        .flatMap(delivered -> delivered.events().stream())
        .map(SequencedEvent::event)
        .toList();
  }

  @Override
  public void close() {
    deliveries.close();
  }
}
