package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.CommitIdUsedException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Rules of command ids: a store knows those of the latest commits of each partition, 500 at least,
 * whatever a repeated commit expects.
 */
public abstract class CommandIdContract extends StoreContract {
  private static final int LATER_COMMITS = 400;

  @Nested
  class A_repeated_command {
    @Test
    void gets_the_first_receipt_after_hundreds_of_other_commits() {
      for (ExpectedVersion expected : List.of(ExpectedVersion.noStream(), ExpectedVersion.any())) {
        Commit commit = commit(newStream(), expected, events(3));
        Receipt first = append(commit);
        appendOthers(commit.stream());

        assertThat(append(commit)).isEqualTo(asDuplicate(first));
        assertThat(versions(readAll(commit.stream()))).isEqualTo(range(1, 3 + LATER_COMMITS / 2));
      }
    }

    @Test
    void gets_the_first_receipt_when_it_was_decided_again_on_a_later_version() {
      Commit commit = commit(newStream(), ExpectedVersion.noStream(), events(3));
      Receipt first = append(commit);
      append(commit.stream(), 2);

      for (ExpectedVersion now :
          List.of(
              ExpectedVersion.exactly(5),
              ExpectedVersion.exactly(4),
              ExpectedVersion.any(),
              ExpectedVersion.noStream())) {
        Commit again = as(commit.id(), commit.stream(), now, 1);

        assertThat(append(again)).as("expecting %s", now).isEqualTo(asDuplicate(first));
      }
      assertThat(versions(readAll(commit.stream()))).isEqualTo(range(1, 5));
    }

    @Test
    void is_stored_once_however_many_send_it_at_once() {
      StreamId stream = newStream();
      append(stream, 1);
      List<CompletableFuture<Receipt>> results =
          IntStream.range(0, 50)
              .mapToObj(i -> as("command", stream, ExpectedVersion.any(), 2))
              .map(commit -> store().append(commit).thenApply(StoreContract::receipt))
              .toList();

      assertThat(results.stream().map(CompletableFuture::join).map(Receipt::position).distinct())
          .hasSize(1);
      assertThat(results.stream().filter(result -> !result.join().duplicate())).hasSize(1);
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 3));
    }

    @Test
    void moves_no_position() {
      Commit commit = commit(newStream(), ExpectedVersion.any(), events(3));
      append(commit);
      appendOthers(commit.stream());
      var heads = heads();

      assertThat(append(commit).duplicate()).isTrue();

      assertThat(heads()).isEqualTo(heads);
    }
  }

  @Nested
  class An_id_that_was_used_for_another_stream {
    @Test
    void is_refused_with_an_error_that_names_both() {
      Commit commit = commit(newStream(), ExpectedVersion.noStream(), events(2));
      append(commit);
      appendOthers(commit.stream());
      StreamId other = inPartitionOf(commit.stream());
      var heads = heads();

      assertThatThrownBy(
              () -> store().appendAndWait(as(commit.id(), other, ExpectedVersion.noStream(), 1)))
          .isInstanceOf(CommitIdUsedException.class)
          .hasMessageContaining(commit.id())
          .hasMessageContaining(commit.stream() + " at version 2")
          .hasMessageContaining(other.toString());
      assertThat(readAll(other)).isEmpty();
      assertThat(heads()).isEqualTo(heads);
    }
  }

  @Nested
  class Finding_a_commit {
    @Test
    void gives_its_receipt() {
      Commit commit = commit(newStream(), ExpectedVersion.any(), events(3));
      Receipt first = append(commit);
      appendOthers(commit.stream());

      assertThat(store().find(commit.stream(), commit.id())).contains(asDuplicate(first));
    }

    @Test
    void finds_none_that_is_not_stored_or_is_another_stream_s() {
      Commit commit = commit(newStream(), ExpectedVersion.noStream(), events(3));
      append(commit);

      assertThat(store().find(commit.stream(), commit.id())).isPresent();
      assertThat(store().find(commit.stream(), "unknown")).isEmpty();
      assertThat(store().find(inPartitionOf(commit.stream()), commit.id())).isEmpty();
    }

    @Test
    void finds_none_that_was_refused() {
      StreamId stream = newStream();
      append(as("stored", stream, ExpectedVersion.noStream(), 2));
      store().appendAndWait(as("refused", stream, ExpectedVersion.exactly(1), 1));

      assertThat(store().find(stream, "stored")).isPresent();
      assertThat(store().find(stream, "refused")).isEmpty();
    }
  }

  /** Half of them to the stream, half to others of its partition. */
  private void appendOthers(StreamId stream) {
    List<CompletableFuture<Receipt>> results =
        IntStream.range(0, LATER_COMMITS)
            .mapToObj(i -> i % 2 == 0 ? stream : inPartitionOf(stream))
            .map(to -> commit(to, ExpectedVersion.any(), events(1)))
            .map(commit -> store().append(commit).thenApply(StoreContract::receipt))
            .toList();
    results.forEach(CompletableFuture::join);
  }

  private StreamId inPartitionOf(StreamId stream) {
    int partition = store().partitionOf(stream);
    return Stream.generate(StoreContract::newStream)
        .limit(1_000)
        .filter(other -> store().partitionOf(other) == partition)
        .findFirst()
        .orElseThrow();
  }

  private static Commit as(String id, StreamId stream, ExpectedVersion expected, int count) {
    return new Commit(id, stream, expected, METADATA, events(count));
  }

  private static Receipt asDuplicate(Receipt first) {
    return new Receipt(
        first.stream(),
        first.firstVersion(),
        first.lastVersion(),
        first.position(),
        true,
        first.durability());
  }
}
