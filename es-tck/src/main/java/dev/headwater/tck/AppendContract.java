package dev.headwater.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules of appending. */
public abstract class AppendContract extends StoreContract {
  @Nested
  class Expected_versions {
    @Test
    void a_new_stream_begins_at_version_1() {
      StreamId stream = newStream();

      Receipt receipt = append(commit(stream, ExpectedVersion.noStream(), events(1)));

      assertThat(receipt.stream()).isEqualTo(stream);
      assertThat(receipt.firstVersion()).isEqualTo(1);
      assertThat(receipt.lastVersion()).isEqualTo(1);
      assertThat(receipt.duplicate()).isFalse();
      assertThat(versions(readAll(stream))).containsExactly(1L);
    }

    @Test
    void appending_at_the_exact_version_continues_the_stream() {
      StreamId stream = newStream();
      append(stream, 3);

      Receipt receipt = append(commit(stream, ExpectedVersion.exactly(3), events(2)));

      assertThat(receipt.firstVersion()).isEqualTo(4);
      assertThat(receipt.lastVersion()).isEqualTo(5);
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 5));
    }

    @Test
    void appending_at_a_stale_version_conflicts_and_tells_the_actual_one() {
      StreamId stream = newStream();
      append(stream, 3);

      var result = store().appendAndWait(commit(stream, ExpectedVersion.exactly(2), events(2)));

      assertThat(result).isEqualTo(new Conflict(stream, 2, 3));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 3));
    }

    @Test
    void expecting_no_stream_conflicts_where_there_is_one() {
      StreamId stream = newStream();
      append(stream, 1);

      var result = store().appendAndWait(commit(stream, ExpectedVersion.noStream(), events(1)));

      assertThat(result).isEqualTo(new Conflict(stream, 0, 1));
    }

    @Test
    void appending_ahead_of_a_stream_tells_that_the_store_is_behind() {
      StreamId stream = newStream();
      append(stream, 2);

      var result = store().appendAndWait(commit(stream, ExpectedVersion.exactly(5), events(1)));

      assertThat(result).isEqualTo(new StoreBehind(stream, 5, 2));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 2));
    }

    @Test
    void appending_ahead_of_a_stream_that_does_not_exist_tells_that_the_store_is_behind() {
      StreamId stream = newStream();

      var result = store().appendAndWait(commit(stream, ExpectedVersion.exactly(1), events(1)));

      assertThat(result).isEqualTo(new StoreBehind(stream, 1, 0));
      assertThat(readAll(stream)).isEmpty();
    }

    @Test
    void expecting_any_version_appends_behind_what_is_there() {
      StreamId stream = newStream();

      append(commit(stream, ExpectedVersion.any(), events(2)));
      Receipt receipt = append(commit(stream, ExpectedVersion.any(), events(3)));

      assertThat(receipt.firstVersion()).isEqualTo(3);
      assertThat(receipt.lastVersion()).isEqualTo(5);
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 5));
    }
  }

  @Nested
  class Followed_commits {
    @Test
    void a_commit_goes_behind_the_one_that_it_follows() {
      StreamId stream = newStream();
      Commit followed = named("größer: 1", stream, ExpectedVersion.noStream());
      append(followed);

      Receipt receipt = append(commit(stream, following(1, followed), events(2)));

      assertThat(receipt.lastVersion()).isEqualTo(3);
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 3));
    }

    @Test
    void a_commit_conflicts_where_another_one_reached_that_version() {
      StreamId stream = newStream();
      append(stream, 1);
      Commit followed = named("not stored", stream, ExpectedVersion.noStream());

      var result = store().appendAndWait(commit(stream, following(1, followed), events(1)));

      assertThat(result).isEqualTo(new Conflict(stream, 1, 1));
      assertThat(versions(readAll(stream))).containsExactly(1L);
    }

    @Test
    void a_commit_is_recognised_when_it_comes_again() {
      StreamId stream = newStream();
      Commit followed = named("1", stream, ExpectedVersion.noStream());
      append(followed);
      Commit commit = commit(stream, following(1, followed), events(2));
      Receipt first = append(commit);
      append(stream, 1);

      Receipt second = append(commit);

      assertThat(second.duplicate()).isTrue();
      assertThat(second.position()).isEqualTo(first.position());
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 4));
    }

    @Test
    void a_row_of_commits_handed_over_at_once_is_stored() {
      StreamId stream = newStream();
      List<CompletableFuture<AppendResult>> results = new ArrayList<>();
      Commit last = named("0", stream, ExpectedVersion.noStream());
      results.add(store().append(last));
      for (int i = 1; i < 100; i++) {
        last = named(String.valueOf(i), stream, following(i, last));
        results.add(store().append(last));
      }

      assertThat(results.stream().map(result -> receipt(result.join()).lastVersion()).toList())
          .isEqualTo(range(1, 100));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 100));
    }

    private ExpectedVersion following(long version, Commit followed) {
      return ExpectedVersion.following(version, followed.id());
    }

    private Commit named(String id, StreamId stream, ExpectedVersion expected) {
      return new Commit(id, stream, expected, METADATA, events(1));
    }
  }

  @Nested
  class Whole_commits {
    @Test
    void all_events_of_a_commit_are_stored_in_order() {
      StreamId stream = newStream();
      Commit commit = commit(stream, ExpectedVersion.noStream(), events(20));

      append(commit);

      List<RecordedEvent> stored = readAll(stream);
      assertThat(versions(stored)).isEqualTo(range(1, 20));
      assertThat(stored).allMatch(event -> event.commitId().equals(commit.id()));
      assertThat(stored.stream().map(event -> new String(event.data(), UTF_8)))
          .isEqualTo(
              commit.events().stream().map(event -> new String(event.data(), UTF_8)).toList());
    }

    @Test
    void a_refused_commit_leaves_neither_events_nor_positions() {
      StreamId stream = newStream();
      append(stream, 1);
      var heads = heads();

      store().appendAndWait(commit(stream, ExpectedVersion.noStream(), events(10)));
      store().appendAndWait(commit(stream, ExpectedVersion.exactly(9), events(10)));

      assertThat(versions(readAll(stream))).containsExactly(1L);
      assertThat(heads()).isEqualTo(heads);
    }

    @Test
    void the_largest_commit_is_stored_whole_and_a_larger_one_can_not_be_made() {
      StreamId stream = newStream();

      append(stream, Commit.MAX_EVENTS);

      assertThat(versions(readAll(stream))).isEqualTo(range(1, Commit.MAX_EVENTS));
      assertThatThrownBy(() -> append(stream, Commit.MAX_EVENTS + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1000");
    }
  }

  @Nested
  class Repeated_commits {
    @Test
    void appending_a_commit_again_gives_the_same_receipt_marked_as_a_duplicate() {
      Commit commit = commit(newStream(), ExpectedVersion.noStream(), events(3));
      Receipt first = append(commit);

      Receipt second = append(commit);

      assertThat(second).isEqualTo(duplicateOf(first));
      assertThat(versions(readAll(commit.stream()))).isEqualTo(range(1, 3));
    }

    @Test
    void a_commit_is_recognised_after_later_ones_were_appended_to_its_stream_and_to_others() {
      StreamId stream = newStream();
      append(stream, 2);
      Commit commit = commit(stream, ExpectedVersion.exactly(2), events(3));
      Receipt first = append(commit);
      for (int i = 0; i < 50; i++) {
        append(stream, 1);
        append(newStream(), 1);
      }

      assertThat(append(commit)).isEqualTo(duplicateOf(first));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 55));
    }

    @Test
    void the_last_commit_of_a_stream_is_recognised_even_if_it_expects_any_version() {
      StreamId stream = newStream();
      append(stream, 2);
      Commit commit = commit(stream, ExpectedVersion.any(), events(3));
      Receipt first = append(commit);

      assertThat(append(commit)).isEqualTo(duplicateOf(first));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 5));
    }

    @Test
    void each_of_several_commits_in_a_row_is_recognised() {
      StreamId stream = newStream();
      List<Commit> commits = new ArrayList<>();
      List<Receipt> receipts = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        commits.add(commit(stream, ExpectedVersion.exactly(2L * i), events(2)));
        receipts.add(append(commits.getLast()));
      }

      for (int i = 0; i < 10; i++) {
        assertThat(append(commits.get(i))).isEqualTo(duplicateOf(receipts.get(i)));
      }
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 20));
    }

    @Test
    void a_duplicate_moves_no_position() {
      Commit commit = commit(newStream(), ExpectedVersion.noStream(), events(3));
      Receipt first = append(commit);
      var heads = heads();

      append(commit);

      assertThat(heads()).isEqualTo(heads).contains(first.position());
      assertThat(first.position().sequence()).isEqualTo(3);
    }

    @Test
    void another_commit_at_the_same_version_is_a_conflict_and_no_duplicate() {
      StreamId stream = newStream();
      append(commit(stream, ExpectedVersion.noStream(), events(2)));

      var result = store().appendAndWait(commit(stream, ExpectedVersion.noStream(), events(2)));

      assertThat(result).isEqualTo(new Conflict(stream, 0, 2));
    }

    @Test
    void the_same_commit_id_in_a_stream_of_another_partition_is_another_commit() {
      Commit one = commit(newStream(), ExpectedVersion.noStream(), events(1));
      StreamId elsewhere =
          Stream.generate(StoreContract::newStream)
              .limit(1_000)
              .filter(s -> store().partitionOf(s) != store().partitionOf(one.stream()))
              .findFirst()
              .orElseThrow();
      Commit other =
          new Commit(one.id(), elsewhere, ExpectedVersion.noStream(), METADATA, one.events());

      assertThat(append(one).duplicate()).isFalse();
      assertThat(append(other).duplicate()).isFalse();
      assertThat(readAll(one.stream())).hasSize(1);
      assertThat(readAll(other.stream())).hasSize(1);
    }

    private Receipt duplicateOf(Receipt first) {
      return new Receipt(
          first.stream(),
          first.firstVersion(),
          first.lastVersion(),
          first.position(),
          true,
          first.durability());
    }
  }

  @Nested
  class Receipts {
    @Test
    void the_position_is_that_of_the_last_event() {
      StreamId stream = newStream();

      Receipt first = append(stream, 3);
      Receipt second = append(stream, 2);

      assertThat(first.position().partition()).isEqualTo(store().partitionOf(stream));
      assertThat(first.position().sequence()).isEqualTo(3);
      assertThat(second.position().sequence()).isEqualTo(5);
      assertThat(second.position()).isEqualTo(store().head(store().partitionOf(stream)));
      assertThat(second.position().isAtOrAfter(first.position())).isTrue();
    }
  }
}
