package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What a level of durability means, on a store that proves {@link EventStoreFixture#strongest} and
 * nothing more.
 */
public abstract class DurabilityContract extends StoreContract {
  private List<Durability> reached() {
    return Stream.of(Durability.memory(), Durability.local(), fixture().strongest())
        .filter(fixture().strongest()::isAtLeast)
        .toList();
  }

  private Durability outOfReach() {
    return Durability.replicated(fixture().strongest().replicas() + 1);
  }

  private static Receipt notDurable(AppendResult result, Durability asked) {
    assertThat(result).isInstanceOf(NotDurable.class);
    NotDurable notDurable = (NotDurable) result;
    assertThat(notDurable.asked()).isEqualTo(asked);
    assertThat(notDurable.reason()).isNotBlank();
    assertThat(notDurable.receipt().durability()).isLessThan(asked);
    return notDurable.receipt();
  }

  private Receipt append(Commit commit, Durability durability) {
    return receipt(store().appendAndWait(commit, durability));
  }

  @Nested
  class A_level_within_reach {
    @Test
    void is_proven_by_the_receipt() {
      for (Durability level : reached()) {
        StreamId stream = newStream();

        Receipt receipt = append(commit(stream, ExpectedVersion.noStream(), events(2)), level);

        assertThat(receipt.durability()).isGreaterThanOrEqualTo(level);
        assertThat(fixture().strongest()).isGreaterThanOrEqualTo(receipt.durability());
        assertThat(versions(readAll(stream))).isEqualTo(range(1, 2));
      }
    }

    @Test
    void is_proven_again_when_the_commit_comes_again() {
      Commit commit = commit(newStream(), ExpectedVersion.noStream(), events(1));
      store().appendAndWait(commit, Durability.memory());

      Receipt again = append(commit, fixture().strongest());

      assertThat(again.duplicate()).isTrue();
      assertThat(again.durability()).isEqualTo(fixture().strongest());
      assertThat(readAll(commit.stream())).hasSize(1);
    }

    @Test
    void is_the_stores_own_where_none_is_named() {
      Receipt receipt = append(commit(newStream(), ExpectedVersion.noStream(), events(1)));

      assertThat(receipt.durability()).isGreaterThanOrEqualTo(store().durability());
      assertThat(readAll(receipt.stream())).hasSize(1);
    }
  }

  @Nested
  class A_level_out_of_reach {
    @Test
    void is_an_outcome_of_its_own_and_the_events_are_stored() {
      StreamId stream = newStream();
      Commit commit = commit(stream, ExpectedVersion.noStream(), events(2));

      Receipt receipt = notDurable(store().appendAndWait(commit, outOfReach()), outOfReach());

      assertThat(receipt.lastVersion()).isEqualTo(2);
      assertThat(receipt.position()).isEqualTo(store().head(store().partitionOf(stream)));
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 2));
    }

    @Test
    void is_no_success_when_the_commit_comes_again_and_is_not_stored_twice() {
      Commit commit = commit(newStream(), ExpectedVersion.noStream(), events(1));
      Receipt first = notDurable(store().appendAndWait(commit, outOfReach()), outOfReach());

      Receipt again = notDurable(store().appendAndWait(commit, outOfReach()), outOfReach());

      assertThat(again.duplicate()).isTrue();
      assertThat(again.position()).isEqualTo(first.position());
      assertThat(readAll(commit.stream())).hasSize(1);
    }

    @Test
    void does_not_keep_later_commits_from_being_appended() {
      StreamId stream = newStream();
      store().appendAndWait(commit(stream, ExpectedVersion.noStream(), events(1)), outOfReach());

      Receipt next =
          append(commit(stream, ExpectedVersion.exactly(1), events(1)), Durability.memory());

      assertThat(next.lastVersion()).isEqualTo(2);
      assertThat(versions(readAll(stream))).isEqualTo(range(1, 2));
    }

    @Test
    void hides_no_conflict() {
      StreamId stream = newStream();
      append(stream, 3);

      var result =
          store()
              .appendAndWait(commit(stream, ExpectedVersion.exactly(1), events(1)), outOfReach());

      assertThat(result).isEqualTo(new Conflict(stream, 1, 3));
    }
  }

  @Nested
  class Commits_of_different_levels_at_once {
    @Test
    void each_get_an_outcome_for_their_own_level() {
      List<Durability> levels = new ArrayList<>(reached());
      levels.add(outOfReach());
      List<Commit> commits = new ArrayList<>();
      List<CompletableFuture<AppendResult>> results = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        commits.add(commit(newStream(), ExpectedVersion.noStream(), events(1)));
        results.add(store().append(commits.getLast(), levels.get(i % levels.size())));
      }

      for (int i = 0; i < 50; i++) {
        Durability asked = levels.get(i % levels.size());
        AppendResult result = results.get(i).join();
        if (fixture().strongest().isAtLeast(asked)) {
          assertThat(result).isInstanceOf(Appended.class);
          assertThat(receipt(result).durability()).isGreaterThanOrEqualTo(asked);
        } else {
          notDurable(result, asked);
        }
        assertThat(readAll(commits.get(i).stream())).hasSize(1);
      }
    }
  }
}
