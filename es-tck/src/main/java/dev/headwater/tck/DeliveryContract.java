package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.Delivered;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.StoreWentBackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules of delivery to groups, for stores that are {@link DeliverToGroup} too. */
public abstract class DeliveryContract extends StoreContract {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** Long against the pauses that a busy machine makes. */
  private static final Duration SHORT = Duration.ofMillis(500);

  private static final Duration MOMENT = Duration.ofMillis(20);

  private Member join(DeliverySpec spec) {
    assertThat(store()).isInstanceOf(DeliverToGroup.class);
    return new Member(((DeliverToGroup) store()).deliver(spec), fixture().patience());
  }

  private Member join(String member) {
    return join(spec(member, starts(), Feed.EVERYTHING, 1_000, LONG));
  }

  private static DeliverySpec spec(
      String member,
      List<Position> from,
      Predicate<EventType> wanted,
      int maxEvents,
      Duration abandonedAfter) {
    return new DeliverySpec("group", member, from, wanted, maxEvents, abandonedAfter);
  }

  private List<StreamId> fill(int streams, int commits, int events) {
    List<StreamId> ids = Stream.generate(StoreContract::newStream).limit(streams).toList();
    for (int i = 0; i < commits; i++) {
      ids.forEach(stream -> append(stream, events));
    }
    return ids;
  }

  private void assertSame(Iterable<RecordedEvent> came, List<StreamId> streams) {
    Map<String, List<Long>> byStream = new TreeMap<>();
    came.forEach(
        event ->
            byStream
                .computeIfAbsent(event.stream().toString(), id -> new ArrayList<>())
                .add(event.version()));
    Map<String, List<Long>> stored = new TreeMap<>();
    streams.forEach(stream -> stored.put(stream.toString(), versions(readAll(stream))));
    assertThat(byStream).isEqualTo(stored).isNotEmpty();
  }

  @Nested
  class What_is_delivered {
    @Test
    void is_everything_once_and_each_stream_in_its_order() {
      List<StreamId> streams = fill(20, 3, 2);

      try (Member member = join("a").handleEvents(120)) {
        assertThat(member.poll(MOMENT)).isEmpty();
        assertSame(member.events(), streams);
        assertThat(member.deliveries().acknowledged()).containsAll(nonEmpty(heads()));
      }
    }

    @Test
    void are_whole_commits_with_their_place() {
      StreamId stream = newStream();
      Position first = append(stream, 3).position();
      Position second = append(stream, 2).position();

      try (Member member = join("a").awaitEvents(5)) {
        assertThat(member.got().getFirst().events()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(member.got()).last().extracting(Delivered::position).isEqualTo(second);
        assertThat(first.sequence()).isEqualTo(3);
        assertThat(member.got().getFirst().events().getFirst().sequence()).isEqualTo(1);
      }
    }

    @Test
    void arrives_while_the_member_waits() {
      StreamId stream = newStream();
      try (Member member = join("a")) {
        assertThat(member.poll(MOMENT)).isEmpty();
        for (int i = 1; i <= 10; i++) {
          append(stream, 2);
          member.handleEvents(2 * i);
        }
        assertSame(member.events(), List.of(stream));
      }
    }

    @Test
    void are_the_wanted_types_and_the_others_count_as_acknowledged() {
      StreamId stream = newStream();
      append(commit(stream, ExpectedVersion.any(), event("Passed", ""), event("Kept", "1")));
      append(commit(stream, ExpectedVersion.any(), event("Passed", "")));

      try (Member member =
          join(spec("a", starts(), type -> type.name().equals("Kept"), 10, LONG))) {
        member.handleEvents(1);
        assertThat(member.poll(MOMENT)).isEmpty();
        assertThat(versions(member.events())).containsExactly(2L);
        assertThat(member.deliveries().acknowledged()).containsAll(nonEmpty(heads()));
      }
    }

    @Test
    void is_no_more_than_a_member_may_hold() {
      fill(10, 3, 1);

      try (Member member = join(spec("a", starts(), Feed.EVERYTHING, 4, LONG)).awaitEvents(4)) {
        assertThat(member.poll(MOMENT)).isEmpty();
        member.acknowledgeAll();
        assertThat(member.poll(fixture().patience())).isNotEmpty();
      }
    }
  }

  private static List<Position> nonEmpty(List<Position> positions) {
    return positions.stream().filter(position -> position.sequence() > 0).toList();
  }

  @Nested
  class A_group {
    @Test
    void begins_where_it_is_told_and_goes_on_from_where_it_was() {
      List<StreamId> streams = fill(5, 2, 1);
      List<Position> ends = heads();
      streams.forEach(stream -> append(stream, 1));
      try (Member member = join(spec("a", ends, Feed.EVERYTHING, 100, LONG)).handleEvents(5)) {
        assertThat(versions(member.events())).containsOnly(3L);
      }
      streams.forEach(stream -> append(stream, 1));

      try (Member member = join("b").handleEvents(5)) {
        assertThat(versions(member.events())).containsOnly(4L);
        assertThat(member.poll(MOMENT)).isEmpty();
      }
    }

    @Test
    void is_not_told_what_another_group_acknowledged() {
      List<StreamId> streams = fill(5, 2, 1);
      join("a").handleEvents(10).close();

      DeliverySpec other = new DeliverySpec("other", "a", starts(), Feed.EVERYTHING, 100, LONG);
      try (Member member = join(other).handleEvents(10)) {
        assertSame(member.events(), streams);
      }
    }

    @Test
    void that_was_forgotten_begins_where_it_is_told() {
      List<StreamId> streams = fill(5, 2, 1);
      join("a").handleEvents(10).close();
      store().forget("group");
      store().forget("group");
      store().forget("never");

      try (Member member = join("a").handleEvents(10)) {
        assertSame(member.events(), streams);
      }
    }

    @Test
    void can_not_begin_where_the_store_has_no_history() {
      Position end = append(newStream(), 3).position();
      Position beyond = new Position(end.partition(), end.epoch(), end.sequence() + 1, end.logId());
      Position other = new Position(end.partition(), end.epoch() + 1, end.sequence(), end.logId());

      for (Position position : List.of(beyond, other)) {
        assertThatThrownBy(
                () -> join(spec("a", List.of(position), Feed.EVERYTHING, 10, LONG)).close())
            .isInstanceOf(StoreWentBackException.class)
            .hasMessageContaining("group");
      }
    }
  }

  @Nested
  class What_was_not_acknowledged {
    @Test
    void goes_to_another_member_at_once_when_its_own_leaves() {
      List<StreamId> streams = fill(10, 3, 1);
      Member leaving = join("a").awaitEvents(30);
      leaving.deliveries().acknowledge(leaving.got().subList(0, 10));
      leaving.close();

      try (Member member = join("b").handleEvents(20)) {
        List<RecordedEvent> all = new ArrayList<>();
        leaving.got().subList(0, 10).forEach(d -> d.events().forEach(e -> all.add(e.event())));
        all.addAll(member.events());
        assertSame(all, streams);
        assertThat(member.poll(MOMENT)).isEmpty();
      }
    }

    @Test
    void goes_to_another_member_when_its_own_polls_no_more() throws InterruptedException {
      List<StreamId> streams = fill(5, 2, 1);
      try (Member gone = join(spec("a", starts(), Feed.EVERYTHING, 100, SHORT)).awaitEvents(10);
          Member member = join(spec("b", starts(), Feed.EVERYTHING, 100, SHORT))) {
        assertThat(gone.got()).allMatch(gone.deliveries()::holds);

        member.handleEvents(10);

        assertSame(member.events(), streams);
        assertThat(gone.got()).noneMatch(gone.deliveries()::holds);
        gone.acknowledgeAll();
        assertThat(gone.poll(MOMENT)).isEmpty();
        assertThat(member.poll(MOMENT)).isEmpty();
      }
    }

    @Test
    void stays_with_a_member_that_polls() {
      fill(5, 2, 1);
      try (Member working = join(spec("a", starts(), Feed.EVERYTHING, 100, SHORT)).awaitEvents(10);
          Member other = join(spec("b", starts(), Feed.EVERYTHING, 100, SHORT))) {
        long end = System.nanoTime() + 3 * SHORT.toNanos() / 2;
        while (System.nanoTime() < end) {
          assertThat(working.poll(MOMENT)).isEmpty();
          assertThat(other.poll(MOMENT)).isEmpty();
        }
        assertThat(working.got()).allMatch(working.deliveries()::holds);
      }
    }

    @Test
    void keeps_later_events_of_its_partition_from_others_until_it_is() {
      StreamId stream = newStream();
      append(stream, 1);
      try (Member first = join("a").awaitEvents(1);
          Member second = join("b")) {
        append(stream, 1);
        StreamId elsewhere = streamOfAnotherPartition(stream);
        append(elsewhere, 1);

        second.handleEvents(1);
        assertThat(second.events().getFirst().stream()).isEqualTo(elsewhere);
        assertThat(second.poll(MOMENT)).isEmpty();

        first.acknowledgeAll();
        second.handleEvents(2);
        assertThat(second.events().getLast().version()).isEqualTo(2);
        assertThat(second.events().getLast().stream()).isEqualTo(stream);
      }
    }

    private StreamId streamOfAnotherPartition(StreamId stream) {
      return Stream.generate(StoreContract::newStream)
          .limit(10_000)
          .filter(other -> store().partitionOf(other) != store().partitionOf(stream))
          .findFirst()
          .orElseThrow();
    }

    @Test
    void is_behind_the_place_that_a_group_would_be_made_anew_at() {
      StreamId stream = newStream();
      Position first = append(stream, 1).position();
      append(stream, 1);
      append(stream, 1);
      try (Member member = join("a").awaitEvents(3)) {
        member.deliveries().acknowledge(List.of(member.got().getFirst(), member.got().getLast()));

        assertThat(member.deliveries().acknowledged()).contains(first);
        assertThat(member.deliveries().holds(member.got().get(1))).isTrue();
        assertThat(member.deliveries().holds(member.got().getLast())).isFalse();
      }
    }
  }

  @Nested
  class Members_that_share_the_work {
    @Test
    void handle_every_event_once_and_each_stream_in_its_order() {
      Queue<RecordedEvent> handled = new ConcurrentLinkedQueue<>();
      List<StreamId> streams = fill(20, 2, 1);
      Race members = Race.of(3);
      try {
        members.start(
            number -> {
              DeliverySpec spec = spec("m" + number, starts(), Feed.EVERYTHING, 10, LONG);
              try (Member member = join(spec)) {
                long deadline = System.nanoTime() + fixture().patience().toNanos();
                while (handled.size() < 200 && System.nanoTime() < deadline) {
                  for (Delivered delivered : member.poll(MOMENT)) {
                    delivered.events().forEach(event -> handled.add(event.event()));
                    member.deliveries().acknowledge(List.of(delivered));
                  }
                }
              }
            });
        for (int i = 0; i < 8; i++) {
          streams.forEach(stream -> append(stream, 1));
        }
      } finally {
        members.join();
      }
      assertSame(handled, streams);
    }
  }
}
