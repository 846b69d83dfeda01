package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.Accounts.Withdrawn;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.codec.EventCodec;
import dev.headwater.codec.UnknownEventException;
import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.ReadStream;
import dev.headwater.store.StoreUnavailableException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class HistoryTest {
  private final Scene scene = new Scene();

  private void append(String commitId, Instant at, NewEvent... events) {
    scene.store.inner.appendAndWait(
        new Commit(commitId, Scene.ANNA, ExpectedVersion.any(), Metadata.at(at), List.of(events)));
  }

  @Nested
  class The_state {
    @Test
    void without_events_is_the_initial_one_at_version_0() {
      assertThat(scene.runtime.history().latest("anna"))
          .isEqualTo(new Versioned<>(0, new Account(0)));
    }

    @Test
    void is_the_fold_of_all_events_of_a_long_stream() {
      for (int i = 0; i < 5; i++) {
        scene.ask("c" + i, new Accounts.DepositCoins(500));
      }
      assertThat(scene.runtime.history().latest("anna"))
          .isEqualTo(new Versioned<>(2_500, new Account(2_500)));
    }

    @Test
    void can_be_asked_for_at_any_version() {
      scene.store.external(Scene.ANNA, "a", new Deposited(5), new Withdrawn(2), new Deposited(9));
      AggregateHistory<Account, Event> history = scene.runtime.history();

      assertThat(history.atVersion("anna", 0)).isEqualTo(new Versioned<>(0, new Account(0)));
      assertThat(history.atVersion("anna", 2)).isEqualTo(new Versioned<>(2, new Account(3)));
      assertThat(history.atVersion("anna", 9)).isEqualTo(new Versioned<>(3, new Account(12)));
    }

    @Test
    void can_be_asked_for_at_any_moment() {
      Instant noon = Instant.parse("2026-01-01T12:00:00Z");
      append("a", noon, Accounts.CODEC.encode(new Deposited(5)));
      append("b", noon.plusSeconds(10), Accounts.CODEC.encode(new Deposited(1)));
      append("c", noon.plusSeconds(5), Accounts.CODEC.encode(new Deposited(7))); // a slow clock
      AggregateHistory<Account, Event> history = scene.runtime.history();

      assertThat(history.at("anna", noon.minusSeconds(1)).version()).isZero();
      assertThat(history.at("anna", noon)).isEqualTo(new Versioned<>(1, new Account(5)));
      assertThat(history.at("anna", noon.plusSeconds(6)))
          .isEqualTo(new Versioned<>(1, new Account(5)));
      assertThat(history.at("anna", noon.plusSeconds(10)))
          .isEqualTo(new Versioned<>(3, new Account(13)));
    }
  }

  @Nested
  class A_load_that_fails {
    @Test
    void names_the_unknown_event_and_works_once_the_codec_knows_it() {
      append("x", Instant.EPOCH, new NewEvent(new EventType("Frozen", 1), "{}".getBytes()));

      assertThatThrownBy(() -> scene.ask("d1", new Deposit(1)))
          .isInstanceOf(UnknownEventException.class)
          .hasMessage(
              "event Frozen#1 of stream Account:anna at version 1 has a name that is not"
                  + " registered; add it to the EventCodec");
      assertThat(scene.commits()).containsExactly("x");
    }

    @Test
    void fails_its_caller_alone_and_the_next_command_loads_again() {
      scene.store.external(Scene.ANNA, "a", new Deposited(5));
      scene.store.failReads(new StoreUnavailableException("away", null));
      assertThatThrownBy(() -> scene.ask("d1", new Deposit(1)))
          .isInstanceOf(StoreUnavailableException.class);
      scene.store.failReads(null);

      assertThat(scene.ask("d1", new Deposit(1))).isInstanceOf(Accepted.class);
      assertThat(scene.balance()).isEqualTo(6);
    }

    @Test
    void after_a_conflict_fails_those_who_needed_it_and_the_next_command_loads_again() {
      scene.ask("d1", new Deposit(1));
      scene.store.hold();
      var second = scene.send("d2", new Deposit(2));
      var third = scene.send("d3", new Deposit(3));
      scene.store.external(Scene.ANNA, "ext", new Deposited(10));
      scene.store.failReads(new StoreUnavailableException("away", null));
      scene.store.next().pass();
      scene.store.next().pass();

      assertThatThrownBy(second::join).hasCauseInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(third::join).hasCauseInstanceOf(StoreUnavailableException.class);
      scene.store.failReads(null);
      scene.store.flow();
      assertThat(scene.ask("d4", new Deposit(4))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1", "ext", "d4");
    }

    @Test
    void names_an_event_that_belongs_to_another_kind_of_aggregate() {
      EventCodec codec =
          EventCodec.builder()
              .event("Deposited", 1, Deposited.class)
              .event("Stray", 1, Stray.class)
              .build();
      append("x", Instant.EPOCH, codec.encode(new Stray()));
      AggregateHistory<Account, Event> history =
          new AggregateHistory<>("Account", new Accounts(), Event.class, codec, scene.store);

      assertThatThrownBy(() -> history.latest("anna"))
          .isInstanceOf(EventStoreException.class)
          .hasMessage(
              "stream Account:anna has at version 1 the event Stray#1, which is no "
                  + Event.class.getName());
    }

    record Stray() {}
  }

  @Nested
  class A_gap_in_the_stream {
    @Test
    void is_detected() {
      scene.store.external(Scene.ANNA, "a", new Deposited(1), new Deposited(2), new Deposited(3));
      ReadStream damaged =
          (stream, from, direction, limit) ->
              scene.store.read(stream, from, direction, limit).stream()
                  .filter(event -> event.version() != 2)
                  .toList();
      AggregateHistory<Account, Event> history =
          new AggregateHistory<>("Account", new Accounts(), Event.class, Accounts.CODEC, damaged);

      assertThatThrownBy(() -> history.latest("anna"))
          .isInstanceOf(EventStoreException.class)
          .hasMessage(
              "stream Account:anna has no event at version 2, the next one has version 3;"
                  + " its history is damaged");
      assertThat(history.atVersion("anna", 1)).isEqualTo(new Versioned<>(1, new Account(1)));
    }

    @Test
    void at_the_start_is_detected() {
      scene.store.external(Scene.ANNA, "a", new Deposited(1), new Deposited(2));
      ReadStream damaged =
          (stream, from, direction, limit) -> {
            List<RecordedEvent> page = scene.store.read(stream, from, direction, limit);
            return page.subList(1, page.size());
          };
      AggregateHistory<Account, Event> history =
          new AggregateHistory<>("Account", new Accounts(), Event.class, Accounts.CODEC, damaged);

      assertThatThrownBy(() -> history.latest("anna"))
          .hasMessageContaining("no event at version 1");
    }
  }
}
