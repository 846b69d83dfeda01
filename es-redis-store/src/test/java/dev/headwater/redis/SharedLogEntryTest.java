package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.events;
import static dev.headwater.redis.Commits.newStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Metadata;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.Commit;
import dev.headwater.store.CommitIdUsedException;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreWentBackException;
import dev.headwater.store.SubscriptionSpec;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Commits that go to the server in one call share an entry of the log, and stay commits. */
class SharedLogEntryTest {
  private static final int COMMITS = 120;

  private final RedisStoreOptions options = TestRedis.shared().newStore().withPartitions(1);
  private final RedisEventStore store = RedisEventStore.connect(options);
  private final List<Commit> commits = new ArrayList<>();
  private final List<Receipt> receipts;

  SharedLogEntryTest() {
    StreamId one = newStream();
    StreamId blank = new StreamId("Order", "a b|1|2|x#1");
    for (int i = 0; i < COMMITS; i += 3) {
      commits.add(commit(newStream(), 0, 1)); // so that the others are not adjacent
      commits.add(commit(one, i / 3 * 3L, 3));
      commits.add(commit(blank, i / 3 * 2L, 2));
    }
    receipts =
        commits.stream().map(store::append).toList().stream()
            .map(result -> Commits.receipt(result.join()))
            .toList();
  }

  @AfterEach
  void end() {
    store.close();
  }

  private SubscriptionSpec spec(Position from, int maxEvents) {
    return new SubscriptionSpec("group", "consumer", List.of(from), type -> true, maxEvents);
  }

  private List<SequencedEvent> behind(Position from) {
    List<SequencedEvent> events = new ArrayList<>();
    try (var subscription = store.subscribe(spec(from, 1_000))) {
      while (from.sequence() + events.size() < 2 * COMMITS) {
        subscription.poll(Duration.ofSeconds(1)).forEach(batch -> events.addAll(batch.events()));
      }
    }
    return events;
  }

  /** In the middle of an entry with at least three commits. */
  private int inside() {
    for (int i = 1; i < COMMITS - 1; i++) {
      String id = receipts.get(i).position().logId();
      if (receipts.get(i - 1).position().logId().equals(id)
          && receipts.get(i + 1).position().logId().equals(id)) {
        return i;
      }
    }
    throw new AssertionError("no three commits share an entry");
  }

  private static Commit again(Commit commit, ExpectedVersion expected, int events) {
    return new Commit(commit.id(), commit.stream(), expected, Metadata.atMicros(1), events(events));
  }

  @Nested
  class The_log {
    @Test
    void has_fewer_entries_than_there_are_commits_and_refers_to_each_event_once() {
      try (RedisClient client = RedisClient.create(TestRedis.shared().uri())) {
        var entries =
            client.connect().sync().xrange(options.namespace() + ":{0}:log", Range.unbounded());

        assertThat(entries.size()).isLessThan(COMMITS / 2);
        String last = entries.getLast().getBody().get("r");
        assertThat(LogEntry.parse("1-1", last).lastSequence()).isEqualTo(2 * COMMITS);
      }
      assertThat(StoreCheck.run(options, finding -> {}).isConsistent()).isTrue();
    }

    @Test
    void is_read_in_the_order_of_the_commits() {
      List<SequencedEvent> all = behind(Position.start(0, store.head(0).epoch()));

      assertThat(all.stream().mapToLong(SequencedEvent::sequence))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 2 * COMMITS).boxed().toList());
      assertThat(all.stream().map(event -> event.event().commitId()).distinct())
          .containsExactlyElementsOf(commits.stream().map(Commit::id).toList());
    }
  }

  @Nested
  class A_position_inside_an_entry {
    @Test
    void is_where_a_subscription_goes_on() {
      for (int i = inside() - 1; i <= inside() + 1; i++) {
        Position from = receipts.get(i).position();

        assertThat(behind(from).stream().mapToLong(SequencedEvent::sequence))
            .containsExactlyElementsOf(
                LongStream.rangeClosed(from.sequence() + 1, 2 * COMMITS).boxed().toList());
      }
    }

    @Test
    void is_where_a_poll_may_end() {
      Position from = Position.start(0, store.head(0).epoch());
      List<Long> sequences = new ArrayList<>();
      while (from.sequence() < 2 * COMMITS) {
        try (var subscription = store.subscribe(spec(from, 2))) {
          for (PartitionBatch batch : subscription.poll(Duration.ofSeconds(1))) {
            assertThat(batch.events().size()).isLessThanOrEqualTo(4);
            batch.events().forEach(event -> sequences.add(event.sequence()));
            from = batch.next();
          }
        }
      }

      assertThat(sequences).isEqualTo(LongStream.rangeClosed(1, 2 * COMMITS).boxed().toList());
    }

    @Test
    void that_does_not_have_the_sequence_is_no_part_of_the_history() {
      Position known = receipts.get(inside()).position();
      Position wrong = new Position(0, known.epoch(), 1, known.logId());

      assertThatThrownBy(() -> store.subscribe(spec(wrong, 10)))
          .isInstanceOf(StoreWentBackException.class);
    }
  }

  @Nested
  class A_group {
    private DeliverySpec member(String name) {
      Position start = Position.start(0, store.head(0).epoch());
      return new DeliverySpec(
          "effects", name, List.of(start), type -> true, 5_000, Duration.ofSeconds(30));
    }

    private List<Delivered> all(Deliveries deliveries) {
      List<Delivered> all = new ArrayList<>();
      while (all.isEmpty() || all.getLast().position().sequence() < 2 * COMMITS) {
        all.addAll(deliveries.poll(Duration.ofSeconds(1)));
      }
      return all;
    }

    @Test
    void gets_each_stream_s_commits_for_themselves_in_their_order() {
      try (Deliveries deliveries = store.deliver(member("one"))) {
        List<Delivered> all = all(deliveries);

        assertThat(all)
            .allSatisfy(
                each ->
                    assertThat(each.events().stream().map(e -> e.event().stream()).distinct())
                        .hasSize(1));
        assertThat(
                all.stream()
                    .flatMap(each -> each.events().stream())
                    .mapToLong(SequencedEvent::sequence))
            .containsExactlyElementsOf(LongStream.rangeClosed(1, 2 * COMMITS).boxed().toList());
      }
    }

    @Test
    void gets_again_what_another_member_did_not_acknowledge_though_it_shares_an_entry() {
      Position unhandled = receipts.get(inside()).position();
      try (Deliveries deliveries = store.deliver(member("one"))) {
        List<Delivered> handled = new ArrayList<>(all(deliveries));
        handled.removeIf(each -> each.position().sequence() == unhandled.sequence());
        deliveries.acknowledge(handled.subList(0, 2));
        deliveries.acknowledge(handled);
      }

      try (Deliveries deliveries = store.deliver(member("two"))) {
        List<Delivered> again = deliveries.poll(Duration.ofSeconds(10));
        assertThat(again.stream().map(Delivered::position)).contains(unhandled);
        assertThat(again.stream().map(each -> each.position().logId()).distinct())
            .containsExactly(unhandled.logId());
        deliveries.acknowledge(again);
        assertThat(deliveries.acknowledged().getFirst().sequence()).isEqualTo(2 * COMMITS);
      }
    }
  }

  @Nested
  class A_repeated_commit {
    @Test
    void has_the_receipt_of_the_first_whatever_comes_with_it() {
      for (int i = 0; i < COMMITS; i++) {
        Receipt first = receipts.get(i);
        Receipt repeated = append(store, again(commits.get(i), ExpectedVersion.any(), 4));

        assertThat(repeated.position()).isEqualTo(first.position());
        assertThat(repeated.firstVersion()).isEqualTo(first.firstVersion());
        assertThat(repeated.lastVersion()).isEqualTo(first.lastVersion());
        assertThat(store.find(first.stream(), commits.get(i).id())).contains(repeated);
      }
    }

    @Test
    void to_another_stream_is_refused_with_the_one_that_it_belongs_to() {
      Commit used = commits.get(inside());
      Commit commit =
          new Commit(used.id(), newStream(), ExpectedVersion.any(), used.metadata(), used.events());

      assertThatThrownBy(() -> append(store, commit))
          .isInstanceOf(CommitIdUsedException.class)
          .hasMessageContaining(used.stream().toString())
          .hasMessageContaining("version " + receipts.get(inside()).lastVersion());
      assertThat(store.find(commit.stream(), commit.id())).isEmpty();
    }

    @Test
    void whose_id_is_forgotten_has_the_first_one_s_receipt_too() {
      try (RedisClient client = RedisClient.create(TestRedis.shared().uri())) {
        var redis = client.connect().sync();
        String ids = options.namespace() + ":{0}:ids";
        commits.forEach(commit -> redis.hdel(ids, commit.id()));
      }

      for (int i = 0; i < COMMITS; i++) {
        Receipt first = receipts.get(i);
        ExpectedVersion expected = ExpectedVersion.exactly(first.firstVersion() - 1);
        Receipt repeated = append(store, again(commits.get(i), expected, 4));

        assertThat(repeated.duplicate()).isTrue();
        assertThat(repeated.position()).isEqualTo(first.position());
        assertThat(repeated.firstVersion()).isEqualTo(first.firstVersion());
        assertThat(repeated.lastVersion()).isEqualTo(first.lastVersion());
      }
    }
  }
}
