package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.StoreWentBackException;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules of subscriptions. */
public abstract class SubscriptionContract extends StoreContract {
  private Feed subscribe(List<Position> from, Predicate<EventType> wanted, int maxEvents) {
    return new Feed(
        store(),
        new SubscriptionSpec("group", "consumer", from, wanted, maxEvents),
        fixture().patience());
  }

  private Feed subscribe(List<Position> from) {
    return subscribe(from, Feed.EVERYTHING, 1_000);
  }

  private List<StreamId> fill(int streams, int commits, int events) {
    List<StreamId> ids = Stream.generate(StoreContract::newStream).limit(streams).toList();
    for (int i = 0; i < commits; i++) {
      ids.forEach(stream -> append(stream, events));
    }
    return ids;
  }

  @Nested
  class Order {
    @Test
    void every_event_comes_once_and_in_the_order_of_its_partition_without_gap() {
      List<StreamId> streams = fill(30, 4, 2);

      try (Feed feed = subscribe(starts()).awaitEvents(240)) {
        Map<Integer, Long> sequences = new HashMap<>();
        for (SequencedEvent event : feed.sequenced()) {
          int partition = store().partitionOf(event.event().stream());
          assertThat(event.sequence()).isEqualTo(sequences.getOrDefault(partition, 0L) + 1);
          sequences.put(partition, event.sequence());
        }
        assertThat(feed.poll(Duration.ofMillis(20))).isEmpty();
        assertThat(feed.reached()).containsExactlyInAnyOrderElementsOf(heads());
        assertSame(feed, streams);
      }
    }

    @Test
    void what_comes_is_what_the_streams_hold() {
      StreamId stream = newStream();
      append(commit(stream, ExpectedVersion.noStream(), event("Said", "{\"t\":\"日本|a,b*2\"}")));

      try (Feed feed = subscribe(starts()).awaitEvents(1)) {
        RecordedEvent event = feed.events().getFirst();
        RecordedEvent stored = readAll(stream).getFirst();
        assertThat(event.stream()).isEqualTo(stream);
        assertThat(event.version()).isEqualTo(1);
        assertThat(event.commitId()).isEqualTo(stored.commitId());
        assertThat(event.type()).isEqualTo(stored.type());
        assertThat(event.metadata()).isEqualTo(METADATA);
        assertThat(event.data()).isEqualTo(stored.data());
      }
    }

    @Test
    void only_the_partitions_asked_for_are_delivered() {
      int owned = store().partitionOf(fill(40, 1, 1).getFirst());
      Position head = store().head(owned);

      try (Feed feed = subscribe(starts().subList(owned, owned + 1))) {
        feed.awaitPositions(List.of(head));
        assertThat(feed.events()).hasSize((int) head.sequence()).isNotEmpty();
        assertThat(feed.events()).allMatch(event -> store().partitionOf(event.stream()) == owned);
      }
    }
  }

  @Nested
  class Checkpoints {
    @Test
    void a_subscription_begins_behind_its_checkpoint() {
      List<StreamId> streams = fill(10, 3, 1);
      List<Position> checkpoint = heads();
      streams.forEach(stream -> append(stream, 2));

      try (Feed feed = subscribe(checkpoint).awaitEvents(20)) {
        assertThat(feed.events()).allMatch(event -> event.version() > 3);
        assertThat(feed.poll(Duration.ofMillis(20))).isEmpty();
      }
    }

    @Test
    void the_next_subscription_goes_on_where_the_last_one_came_to() {
      List<StreamId> streams = fill(10, 10, 1);
      List<Position> checkpoint;
      List<RecordedEvent> all = new ArrayList<>();
      try (Feed feed = subscribe(starts(), Feed.EVERYTHING, 7)) {
        for (int i = 0; i < 3; i++) {
          feed.poll(Duration.ofMillis(500));
        }
        checkpoint = feed.reached();
        all.addAll(feed.events());
        assertThat(all).isNotEmpty().hasSizeLessThan(100);
      }

      try (Feed feed = subscribe(checkpoint, Feed.EVERYTHING, 7).awaitEvents(100 - all.size())) {
        all.addAll(feed.events());
        assertSame(all, streams);
      }
    }

    @Test
    void the_receipt_of_any_commit_is_a_checkpoint() {
      StreamId stream = newStream();
      List<Position> receipts = pipelined(stream, 50);

      for (Position receipt : receipts) {
        try (Feed feed = subscribe(List.of(receipt))) {
          feed.awaitPositions(List.of(receipts.getLast()));
          assertThat(versions(feed.events())).isEqualTo(range(receipt.sequence() + 1, 50));
        }
      }
      assertThat(receipts).hasSize(50);
      assertThat(receipts.getLast().sequence()).isEqualTo(50);
    }

    private List<Position> pipelined(StreamId stream, int count) {
      return java.util.stream.LongStream.range(0, count)
          .mapToObj(v -> store().append(commit(stream, ExpectedVersion.exactly(v), events(1))))
          .toList()
          .stream()
          .map(result -> receipt(result.join()).position())
          .toList();
    }

    @Test
    void a_checkpoint_beyond_the_end_means_that_the_store_went_back() {
      Position end = append(newStream(), 3).position();
      Position beyond = new Position(end.partition(), end.epoch(), end.sequence() + 1, end.logId());

      assertThatThrownBy(() -> subscribe(List.of(beyond)).close())
          .isInstanceOf(StoreWentBackException.class)
          .hasMessageContaining("group");
      subscribe(List.of(end)).close();
    }

    @Test
    void a_checkpoint_of_another_epoch_means_that_the_store_went_back() {
      Position end = append(newStream(), 3).position();
      Position other = new Position(end.partition(), end.epoch() + 1, end.sequence(), end.logId());

      assertThatThrownBy(() -> subscribe(List.of(other)).close())
          .isInstanceOf(StoreWentBackException.class);
      subscribe(List.of(end)).close();
    }
  }

  @Nested
  class Filters {
    private boolean isKept(EventType type) {
      return type.name().equals("Kept");
    }

    @Test
    void unwanted_types_are_passed_over_and_still_move_the_checkpoint() {
      for (int i = 0; i < 20; i++) {
        StreamId stream = newStream();
        append(commit(stream, ExpectedVersion.noStream(), event("Passed", "")));
        append(
            commit(
                stream,
                ExpectedVersion.exactly(1),
                event("Passed", ""),
                event("Kept", "1"),
                event("Passed", ""),
                event("Kept", "2"),
                event("Passed", "")));
      }

      try (Feed feed = subscribe(starts(), this::isKept, 1_000).awaitPositions(heads())) {
        assertThat(feed.events()).hasSize(40).allMatch(event -> isKept(event.type()));
        assertThat(feed.reached()).containsExactlyInAnyOrderElementsOf(heads());
        for (SequencedEvent event : feed.sequenced()) {
          assertThat(event.event().version()).isIn(3L, 5L);
        }
      }
    }

    @Test
    void who_wants_nothing_still_gets_to_the_end() {
      fill(10, 2, 3);

      try (Feed feed = subscribe(starts(), type -> false, 10).awaitPositions(heads())) {
        assertThat(feed.events()).isEmpty();
        assertThat(feed.reached()).containsExactlyInAnyOrderElementsOf(heads());
        assertThat(heads()).anyMatch(head -> head.sequence() > 0);
      }
    }
  }

  @Nested
  class Sizes {
    @Test
    void a_commit_is_never_divided() {
      fill(5, 4, 5);

      try (Feed feed = subscribe(starts(), Feed.EVERYTHING, 1)) {
        int polls = 0;
        while (feed.events().size() < 100 && polls++ < 1_000) {
          for (PartitionBatch batch : feed.poll(Duration.ofMillis(200))) {
            assertThat(batch.events().size() % 5).isZero();
          }
        }
        assertThat(feed.events()).hasSize(100);
        assertThat(feed.largestPoll()).isEqualTo(5);
      }
    }

    @Test
    void a_poll_returns_about_as_many_events_as_were_asked_for() {
      fill(100, 3, 1);

      try (Feed feed = subscribe(starts(), Feed.EVERYTHING, 10).awaitEvents(300)) {
        assertThat(feed.largestPoll()).isLessThanOrEqualTo(20);
      }
    }
  }

  @Nested
  class News {
    @Test
    void events_that_are_appended_later_arrive() {
      StreamId stream = newStream();
      try (Feed feed = subscribe(starts())) {
        assertThat(feed.poll(Duration.ofMillis(20))).isEmpty();

        for (int i = 1; i <= 20; i++) {
          append(stream, 2);
          feed.awaitEvents(2 * i);
        }

        assertThat(versions(feed.events())).isEqualTo(range(1, 40));
      }
    }

    @Test
    void without_news_a_poll_returns_empty_and_the_next_one_goes_on() {
      StreamId stream = newStream();
      append(stream, 1);
      try (Feed feed = subscribe(starts()).awaitEvents(1)) {
        assertThat(feed.poll(Duration.ZERO)).isEmpty();
        assertThat(feed.poll(Duration.ofMillis(30))).isEmpty();
        append(stream, 1);

        feed.awaitEvents(2);
      }
    }

    @Test
    void many_at_once_arrive_without_gap() {
      try (Feed feed = subscribe(starts(), Feed.EVERYTHING, 50)) {
        assertThat(feed.poll(Duration.ofMillis(20))).isEmpty();

        List<StreamId> streams = fill(600, 2, 1);

        assertSame(feed.awaitEvents(1_200), streams);
      }
    }

    @Test
    void from_catching_up_to_news_nothing_is_lost_or_doubled_while_writers_run() {
      List<StreamId> streams = fill(20, 10, 1);
      AtomicBoolean stop = new AtomicBoolean();
      Race writers = Race.of(4);
      List<List<StreamId>> written =
          List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      try (Feed feed = subscribe(starts(), Feed.EVERYTHING, 25)) {
        writers.start(
            writer -> {
              for (int i = 0; i < 300 || !stop.get(); i++) {
                StreamId stream = newStream();
                written.get(writer).add(stream);
                append(stream, 1 + i % 3);
              }
            });
        feed.awaitAtLeast(600);
        stop.set(true);
        writers.join();

        feed.awaitPositions(heads());
        List<StreamId> all = new ArrayList<>(streams);
        written.forEach(all::addAll);
        assertSame(feed, all);
      } finally {
        stop.set(true);
        writers.join();
      }
    }
  }

  @Nested
  class Groups {
    @Test
    void each_group_gets_everything() {
      List<StreamId> streams = fill(10, 5, 1);
      try (Feed one = feed("one");
          Feed two = feed("two")) {
        assertSame(one.awaitEvents(50), streams);
        append(streams.getFirst(), 1);
        assertSame(two.awaitEvents(51), streams);
        assertSame(one.awaitEvents(51), streams);
      }
    }

    @Test
    void the_partitions_of_a_group_can_be_owned_by_different_members() {
      List<StreamId> streams = fill(20, 2, 1);
      int half = store().partitionCount() / 2;
      try (Feed low = subscribe(starts().subList(0, half));
          Feed high = subscribe(starts().subList(half, store().partitionCount()))) {
        low.awaitPositions(heads().subList(0, half));
        high.awaitPositions(heads().subList(half, store().partitionCount()));

        assertSame(Stream.concat(low.events().stream(), high.events().stream()).toList(), streams);
      }
    }

    private Feed feed(String group) {
      return new Feed(
          store(),
          new SubscriptionSpec(group, "consumer", starts(), Feed.EVERYTHING, 100),
          fixture().patience());
    }
  }

  private void assertSame(Feed feed, List<StreamId> streams) {
    assertSame(feed.events(), streams);
  }

  /** What came is what the streams hold: all of it, once, and each stream in its order. */
  private void assertSame(List<RecordedEvent> came, List<StreamId> streams) {
    Map<StreamId, List<Long>> byStream = new HashMap<>();
    for (RecordedEvent event : came) {
      byStream.computeIfAbsent(event.stream(), id -> new ArrayList<>()).add(event.version());
    }
    for (StreamId stream : streams) {
      assertThat(byStream.remove(stream))
          .as(stream.toString())
          .isEqualTo(versions(readAll(stream)));
    }
    assertThat(byStream).as("of streams that nobody wrote").isEmpty();
  }
}
