package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import dev.headwater.store.SubscriptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules that hold when many write at once. */
public abstract class RaceContract extends StoreContract {
  private static final int WRITERS = 16;

  @Nested
  class One_stream {
    @Test
    void exactly_one_writer_wins_each_version() {
      StreamId stream = newStream();
      Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();

      Race.run(
          WRITERS,
          writer -> {
            long version = 0;
            for (int stored = 0; stored < 20; ) {
              switch (tryAppend(stream, version)) {
                case Appended(Receipt receipt) -> {
                  receipts.add(receipt);
                  version = receipt.lastVersion();
                  stored++;
                }
                case Conflict conflict -> version = conflict.actual();
                case AppendResult.NotDurable notDurable -> throw new AssertionError(notDurable);
                case AppendResult.StoreBehind behind -> throw new AssertionError(behind);
              }
            }
          });

      assertThat(receipts.stream().map(Receipt::lastVersion))
          .containsExactlyInAnyOrderElementsOf(range(1, 20 * WRITERS));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 20 * WRITERS));
      assertThat(readAll(stream).stream().map(RecordedEvent::commitId)).doesNotHaveDuplicates();
    }

    private AppendResult tryAppend(StreamId stream, long version) {
      return store().appendAndWait(commit(stream, ExpectedVersion.exactly(version), events(1)));
    }

    @Test
    void commits_that_expect_any_version_are_all_stored_whole() {
      StreamId stream = newStream();

      Race.run(
          WRITERS,
          writer -> {
            for (int i = 0; i < 20; i++) {
              append(stream, 3);
            }
          });

      List<RecordedEvent> stored = readAll(stream);
      assertThat(versions(stored)).isEqualTo(range(1, 60 * WRITERS));
      for (int i = 0; i < stored.size(); i += 3) {
        assertThat(stored.subList(i, i + 3).stream().map(RecordedEvent::commitId).distinct())
            .hasSize(1);
      }
    }

    @Test
    void the_same_commit_from_many_at_once_is_stored_once() {
      StreamId stream = newStream();
      append(stream, 1);
      Commit commit = commit(stream, ExpectedVersion.exactly(1), events(2));
      Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();

      Race.run(WRITERS, writer -> receipts.add(append(commit)));

      assertThat(versions(readAll(stream))).isEqualTo(range(1, 3));
      assertThat(receipts.stream().filter(receipt -> !receipt.duplicate())).hasSize(1);
      assertThat(receipts).hasSize(WRITERS).allMatch(receipt -> receipt.lastVersion() == 3);
      assertThat(receipts.stream().map(Receipt::position).distinct()).hasSize(1);
    }

    @Test
    void commits_that_one_thread_hands_over_are_stored_in_that_order() {
      StreamId stream = newStream();
      List<CompletableFuture<AppendResult>> results = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        results.add(store().append(commit(stream, ExpectedVersion.exactly(i), events(1))));
      }

      List<Receipt> receipts = results.stream().map(result -> receipt(result.join())).toList();

      assertThat(receipts.stream().map(Receipt::lastVersion).toList()).isEqualTo(range(1, 1_000));
      assertThat(receipts.stream().map(receipt -> receipt.position().sequence()).toList())
          .isEqualTo(range(1, 1_000));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 1_000));
    }

    @Test
    void of_what_was_handed_over_a_failure_stops_what_builds_on_it() {
      StreamId stream = newStream();
      append(stream, 1);
      List<CompletableFuture<AppendResult>> results = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        // The first is stale, so no stream version is ever what the others expect.
        long expected = i == 0 ? 0 : i + 1;
        results.add(store().append(commit(stream, ExpectedVersion.exactly(expected), events(1))));
      }

      assertThat(results.getFirst().join()).isEqualTo(new Conflict(stream, 0, 1));
      assertThat(results.subList(1, 20))
          .allMatch(result -> result.join() instanceof AppendResult.StoreBehind);
      assertThat(readAll(stream)).hasSize(1);
    }
  }

  @Nested
  class Many_streams {
    @Test
    void the_order_of_the_partitions_and_the_streams_agree() {
      Queue<StreamId> streams = new ConcurrentLinkedQueue<>();

      Race.run(
          WRITERS,
          writer -> {
            for (int i = 0; i < 20; i++) {
              StreamId stream = newStream();
              streams.add(stream);
              append(stream, 2);
              append(stream, 1);
            }
          });

      int total = 20 * 3 * WRITERS;
      var spec = new SubscriptionSpec("all", "one", starts(), Feed.EVERYTHING, 10_000);
      try (Feed feed = new Feed(store(), spec, fixture().patience()).awaitEvents(total)) {
        for (StreamId stream : streams) {
          List<RecordedEvent> ofStream =
              feed.events().stream().filter(event -> event.stream().equals(stream)).toList();
          assertThat(versions(ofStream)).isEqualTo(range(1, 3));
          assertThat(versions(readAll(stream))).isEqualTo(range(1, 3));
        }
        assertThat(heads().stream().mapToLong(head -> head.sequence()).sum()).isEqualTo(total);
      }
    }
  }
}
