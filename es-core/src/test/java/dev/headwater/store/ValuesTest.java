package dev.headwater.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final StreamId STREAM = new StreamId("Order", "1");
  private static final NewEvent EVENT =
      new NewEvent(new EventType("Placed", 1), "{}".getBytes(UTF_8));

  private static Commit commit(String id, List<NewEvent> events) {
    return new Commit(id, STREAM, ExpectedVersion.any(), Metadata.atMicros(0), events);
  }

  @Nested
  class A_commit {
    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb"})
    void has_a_printable_id(String id) {
      assertThatThrownBy(() -> commit(id, List.of(EVENT)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "commit id must have 1 to 200 characters and no control character, was: '"
                  + id
                  + "'");
    }

    @Test
    void has_an_id_of_at_most_200_characters() {
      assertThat(commit("x".repeat(200), List.of(EVENT)).id()).hasSize(200);
      assertThatThrownBy(() -> commit("x".repeat(201), List.of(EVENT)))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void has_1_to_1000_events() {
      assertThat(commit("c", Collections.nCopies(1_000, EVENT)).events()).hasSize(1_000);
      assertThatThrownBy(() -> commit("c", List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("commit c to Order:1 must have 1 to 1000 events, had 0");
      assertThatThrownBy(() -> commit("c", Collections.nCopies(1_001, EVENT)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("had 1001");
    }

    @Test
    void copies_its_events() {
      List<NewEvent> events = new ArrayList<>(List.of(EVENT));
      Commit commit = commit("c", events);
      events.clear();
      assertThat(commit.events()).hasSize(1);
    }
  }

  @Nested
  class An_expected_version {
    @Test
    void is_not_negative() {
      assertThat(ExpectedVersion.exactly(0)).isEqualTo(ExpectedVersion.noStream());
      assertThatThrownBy(() -> ExpectedVersion.exactly(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected version must be at least 0, was: -1");
    }

    @Test
    void that_follows_a_commit_is_at_least_1() {
      assertThat(ExpectedVersion.following(1, "c"))
          .isEqualTo(new ExpectedVersion.Following(1, "c"));
      assertThatThrownBy(() -> ExpectedVersion.following(0, "c"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a followed commit has a version of at least 1, was: 0");
    }
  }

  @Nested
  class A_subscription {
    private SubscriptionSpec spec(List<Position> from, int maxEvents) {
      return new SubscriptionSpec("orders", "one", from, type -> true, maxEvents);
    }

    @Test
    void needs_one_position_a_partition() {
      Position start = Position.start(0, 1);
      assertThat(spec(List.of(start, Position.start(1, 1)), 1).from()).hasSize(2);
      for (List<Position> bad : List.of(List.<Position>of(), List.of(start, start))) {
        assertThatThrownBy(() -> spec(bad, 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("subscription of orders needs one position a partition, had " + bad);
      }
    }

    @Test
    void asks_for_at_least_one_event() {
      assertThatThrownBy(() -> spec(List.of(Position.start(0, 1)), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxEvents must be at least 1, was: 0");
    }
  }

  @Nested
  class A_durability {
    private final List<Durability> ascending =
        List.of(
            Durability.memory(),
            Durability.local(),
            Durability.replicated(1),
            Durability.replicated(2));

    @Test
    void includes_those_that_are_weaker() {
      for (int i = 0; i < ascending.size(); i++) {
        for (int j = 0; j < ascending.size(); j++) {
          assertThat(ascending.get(i).isAtLeast(ascending.get(j))).isEqualTo(i >= j);
        }
      }
    }

    @Test
    void reads_as_its_level() {
      assertThat(ascending)
          .extracting(Durability::toString)
          .containsExactly("MEMORY", "LOCAL", "REPLICATED(1)", "REPLICATED(2)");
    }

    @Test
    void needs_a_replica_to_be_replicated_and_a_disk_too() {
      assertThatThrownBy(() -> Durability.replicated(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("REPLICATED needs at least 1 replica, was: 0; LOCAL needs none");
      assertThatThrownBy(() -> new Durability(false, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Durability(true, -1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Waiting_for_an_append {
    @Test
    void throws_what_the_store_failed_with() {
      StoreUnavailableException away = new StoreUnavailableException("away", null);
      AppendToStream failing = (commit, durability) -> CompletableFuture.failedFuture(away);
      assertThatThrownBy(() -> failing.appendAndWait(commit("c", List.of(EVENT)))).isSameAs(away);
    }

    @Test
    void wraps_what_no_store_should_throw() {
      AppendToStream broken =
          (commit, durability) -> CompletableFuture.failedFuture(new IllegalStateException());
      assertThatThrownBy(() -> broken.appendAndWait(commit("c", List.of(EVENT))))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class An_unknown_outcome {
    @Test
    void tells_how_to_find_out() {
      assertThat(new AppendOutcomeUnknownException("c", STREAM, "timed out after 5 s", null))
          .hasMessage(
              "unknown whether commit c to Order:1 was stored: timed out after 5 s; append the same"
                  + " commit again to find out, it is never stored twice");
    }
  }
}
