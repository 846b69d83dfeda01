package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.DepositCoins;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.event.Metadata;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class RepeatedCommandTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final Scene scene = new Scene();

  private static Consumer<CommandOutcome<Accounts.Event>> alreadyAt(long version) {
    return outcome -> {
      assertThat(outcome).isInstanceOf(AlreadyHandled.class);
      var already = (AlreadyHandled<Accounts.Event>) outcome;
      assertThat(already.stream()).isEqualTo(Scene.ANNA);
      assertThat(already.firstVersion()).isEqualTo(version);
      already.receipt().ifPresent(r -> assertThat(r.firstVersion()).isEqualTo(version));
    };
  }

  @Nested
  class The_same_command_id_again {
    @Test
    void after_acceptance_tells_where_its_events_begin() {
      scene.ask("d1", new Deposit(1));
      scene.ask("d2", new DepositCoins(3));
      scene.ask("d3", new Deposit(1));

      assertThat(scene.ask("d2", new DepositCoins(3))).satisfies(alreadyAt(2));
      assertThat(scene.ask("d1", new Deposit(1))).satisfies(alreadyAt(1));
      assertThat(scene.balance()).isEqualTo(5);
    }

    @Test
    void after_a_restart_is_recognised_from_the_stream() {
      scene.ask("d1", new Deposit(1));
      scene.ask("d2", new DepositCoins(3));
      scene.restart();

      assertThat(scene.ask("d2", new DepositCoins(3))).satisfies(alreadyAt(2));
      assertThat(scene.balance()).isEqualTo(4);
    }

    @Test
    void handled_by_another_process_is_recognised_on_the_conflict() {
      scene.ask("d1", new Deposit(1));
      Scene other = scene;
      var first = other.runtime;
      scene.restart();
      scene.ask("d2", new DepositCoins(2));
      scene.ask("d3", new Deposit(1));
      scene.runtime = first;

      assertThat(scene.ask("d3", new Deposit(1))).satisfies(alreadyAt(4));
      assertThat(scene.balance()).isEqualTo(4);
    }

    @Test
    void while_the_first_is_under_way_waits_for_it() {
      scene.store.hold();
      var first = scene.send("d1", new Deposit(1));
      var again = scene.send("d1", new Deposit(1));
      assertThat(again).isNotDone();

      scene.store.next().pass();
      assertThat(first).isCompletedWithValueMatching(o -> o instanceof Accepted);
      assertThat(again.join()).satisfies(alreadyAt(1));
      scene.store.nothingIsHeld();
    }

    @Test
    void while_the_first_waits_to_be_rejected_shares_the_rejection() {
      scene.store.hold();
      var unused = scene.send("d1", new Deposit(1));
      var first = scene.send("w1", new Withdraw(2));
      var again = scene.send("w1", new Withdraw(2));
      assertThat(again).isNotDone();

      scene.store.next().pass();
      assertThat(first).isCompletedWithValue(new Rejected<>("OVERDRAWN", "the balance is 1"));
      assertThat(again).isCompletedWithValue(new Rejected<>("OVERDRAWN", "the balance is 1"));
    }

    @Test
    void while_the_first_is_under_way_shares_its_failure() {
      scene.store.hold();
      var first = scene.send("d1", new Deposit(1));
      var again = scene.send("d1", new Deposit(1));
      scene.store.next().refuse();

      assertThatThrownBy(first::join).hasCauseInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(again::join).hasCauseInstanceOf(StoreUnavailableException.class);
      scene.store.nothingIsHeld();
    }

    @Test
    void while_both_wait_behind_a_failure_fails_with_it_and_is_stored_once_when_sent_again() {
      scene.store.hold();
      var unused = scene.send("d0", new Deposit(1));
      unused = scene.send("d00", new Deposit(1));
      SteeredStore.Held refused = scene.store.next();
      SteeredStore.Held behind = scene.store.next();
      refused.refuse();
      var first = scene.send("d1", new Deposit(1));
      var again = scene.send("d1", new Deposit(1));
      scene.store.flow();
      behind.pass();

      assertThat(first)
          .failsWithin(TEN_SECONDS)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(PredecessorFailedException.class);
      assertThat(again)
          .failsWithin(TEN_SECONDS)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(PredecessorFailedException.class);
      assertThat(scene.commits()).isEmpty();
      assertThat(scene.ask("d1", new Deposit(1))).isInstanceOf(Accepted.class);
      assertThat(scene.ask("d1", new Deposit(1))).satisfies(alreadyAt(1));
    }

    @Test
    void after_a_rejection_is_decided_again() {
      assertThat(scene.ask("w1", new Withdraw(1))).isInstanceOf(Rejected.class);
      scene.ask("d1", new Deposit(1));
      assertThat(scene.ask("w1", new Withdraw(1))).isInstanceOf(Accepted.class);
    }

    @Test
    void after_a_refusal_is_decided_again() {
      scene.store.hold();
      var refused = scene.send("d1", new Deposit(1));
      scene.store.next().refuse();
      assertThat(refused).isCompletedExceptionally();
      scene.store.flow();

      assertThat(scene.ask("d1", new Deposit(1))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1");
    }
  }

  @Nested
  class An_unknown_outcome {
    @Test
    void fails_its_caller_and_is_resolved_by_the_same_command_again_where_it_was_stored() {
      scene.store.hold();
      var lost = scene.send("d1", new DepositCoins(2));
      scene.store.next().loseAnswer();
      assertThatThrownBy(lost::join).hasCauseInstanceOf(AppendOutcomeUnknownException.class);
      scene.store.flow();

      assertThat(scene.ask("d1", new DepositCoins(2))).satisfies(alreadyAt(1));
      assertThat(scene.commits()).containsExactly("d1", "d1");
    }

    @Test
    void is_resolved_by_the_same_command_again_where_it_was_not_stored() {
      scene.store.hold();
      var lost = scene.send("d1", new Deposit(1));
      scene.store.next().loseRequest();
      assertThatThrownBy(lost::join).hasCauseInstanceOf(AppendOutcomeUnknownException.class);
      scene.store.flow();

      assertThat(scene.ask("d1", new Deposit(1))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1");
    }

    @Test
    void fails_what_was_decided_behind_it_which_can_be_sent_again() {
      scene.ask("d1", new Deposit(10));
      scene.store.hold();
      var lost = scene.send("w1", new Withdraw(10));
      var behind = scene.send("w2", new Withdraw(10));
      scene.store.next().loseRequest();

      assertThat(lost).isCompletedExceptionally();
      assertThat(behind)
          .failsWithin(TEN_SECONDS)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(PredecessorFailedException.class)
          .withMessageContaining(
              "command w2 to Account:anna was not stored, because one before it failed");
      assertThat(scene.commits()).containsExactly("d1");
      scene.store.flow();
      assertThat(scene.ask("w2", new Withdraw(10))).isInstanceOf(Accepted.class);
    }

    @Test
    void fails_a_rejection_that_rests_on_it_because_it_may_be_wrong() {
      scene.ask("d1", new Deposit(10));
      scene.store.hold();
      var lost = scene.send("w1", new Withdraw(10));
      var behind = scene.send("w2", new Withdraw(10));
      scene.store.next().loseAnswer();

      assertThat(lost).isCompletedExceptionally();
      assertThat(behind)
          .failsWithin(TEN_SECONDS)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(PredecessorFailedException.class);
      scene.store.flow();
      assertThat(scene.ask("w2", new Withdraw(10)))
          .isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 0"));
    }

    @Test
    void of_a_stored_commit_is_still_recognised_when_a_commit_behind_it_was_confirmed() {
      scene.store.hold();
      var lost = scene.send("d1", new Deposit(1));
      var behind = scene.send("d2", new Deposit(2));
      scene.store.next().loseAnswer();
      scene.store.next().pass();
      assertThat(lost).isCompletedExceptionally();
      assertThat(behind.join()).isInstanceOf(Accepted.class);
      scene.store.flow();

      assertThat(scene.ask("d1", new Deposit(1))).satisfies(alreadyAt(1));
      assertThat(scene.commits()).containsExactly("d1", "d2");
    }

    @Test
    void of_a_commit_that_arrives_late_does_not_double_the_one_that_was_sent_again() {
      scene.store.hold();
      var lost = scene.send("d1", new Deposit(1));
      SteeredStore.Held wandering = scene.store.next();
      wandering.loseRequest();
      assertThat(lost).isCompletedExceptionally();
      var again = scene.send("d1", new Deposit(1));
      SteeredStore.Held second = scene.store.next();
      wandering.arrive();
      second.pass();

      assertThat(again.join()).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1");
    }
  }

  @Nested
  class Memory_for_command_ids {
    @Test
    void forgets_the_oldest_beyond_its_bound_and_then_the_store_knows_it() {
      Scene forgetful = new Scene(RuntimeOptions.DEFAULT.withRememberedCommands(2));
      for (String id : List.of("d1", "d2", "d3")) {
        forgetful.ask(id, new Deposit(1));
      }

      assertThat(forgetful.ask("d3", new Deposit(1))).satisfies(alreadyAt(3));
      assertThat(forgetful.ask("d2", new Deposit(1))).satisfies(alreadyAt(2));
      assertThat(((AlreadyHandled<?>) forgetful.ask("d1", new Deposit(1))).receipt())
          .hasValueSatisfying(first -> assertThat(first.lastVersion()).isEqualTo(1));
      assertThat(Scene.accepted(forgetful.ask("d4", new Deposit(1))).receipt().lastVersion())
          .isEqualTo(4);
      assertThat(forgetful.commits()).containsExactly("d1", "d2", "d3", "d4");
    }

    @Test
    void what_was_decided_behind_a_command_that_the_store_knows_is_decided_again() {
      Scene forgetful = new Scene(RuntimeOptions.DEFAULT.withRememberedCommands(1));
      forgetful.ask("d1", new Deposit(5));
      forgetful.ask("d2", new Deposit(5));
      forgetful.store.hold();
      var again = forgetful.send("d1", new Deposit(5));
      var behind = forgetful.send("w1", new Withdraw(12)); // allowed on what d1 would have led to
      forgetful.store.flow();
      forgetful.store.next().pass();
      forgetful.store.next().pass();

      assertThat(again.join()).satisfies(alreadyAt(1));
      assertThat(behind.join()).isInstanceOf(CommandOutcome.Rejected.class);
      assertThat(forgetful.balance()).isEqualTo(10);
    }

    @Test
    void a_store_that_finds_commits_is_asked_before_a_repetition_is_rejected() {
      var store = new InMemoryEventStore();
      var runtime =
          AggregateRuntime.create(
              "Account",
              new Accounts(),
              Accounts.Event.class,
              Accounts.CODEC,
              store,
              RuntimeOptions.DEFAULT.withRememberedCommands(1));
      Metadata metadata = Metadata.atMicros(1);
      runtime.handleAndWait("anna", "d1", metadata, new Deposit(5));
      runtime.handleAndWait("anna", "w1", metadata, new Withdraw(5));
      runtime.handleAndWait("anna", "d2", metadata, new Deposit(1));

      assertThat(runtime.handleAndWait("anna", "w1", metadata, new Withdraw(5)))
          .satisfies(alreadyAt(2));
      assertThat(runtime.handleAndWait("anna", "w2", metadata, new Withdraw(5)))
          .isInstanceOf(CommandOutcome.Rejected.class);
    }

    @Test
    void has_the_same_bound_for_ids_that_it_reads() {
      Scene forgetful = new Scene(RuntimeOptions.DEFAULT.withRememberedCommands(2));
      for (String id : List.of("d1", "d2", "d3")) {
        forgetful.store.external(Scene.ANNA, id, new Deposited(1), new Deposited(1));
      }

      assertThat(forgetful.ask("d2", new Deposit(1))).satisfies(alreadyAt(3));
      assertThat(forgetful.ask("d1", new Deposit(1))).satisfies(alreadyAt(1));
      assertThat(forgetful.commits()).hasSize(6);
    }

    @Test
    void keeps_the_first_version_named_for_an_id() {
      RememberedCommands remembered = new RememberedCommands(2);
      remembered.add("a", 1);
      remembered.add("a", 2);
      remembered.add("b", 3);

      assertThat(remembered.versionOf("a")).isEqualTo(1);
      assertThat(remembered.versionOf("b")).isEqualTo(3);
      assertThat(remembered.versionOf("c")).isNull();
    }
  }

  @Nested
  class Options {
    @Test
    void must_be_positive() {
      RuntimeOptions some = RuntimeOptions.DEFAULT;
      List<Map.Entry<String, Supplier<RuntimeOptions>>> bad =
          List.of(
              Map.entry("maxAttempts", () -> some.withMaxAttempts(0)),
              Map.entry("cachedAggregates", () -> some.withCachedAggregates(0)),
              Map.entry("rememberedCommands", () -> some.withRememberedCommands(0)),
              Map.entry("maxUnanswered", () -> some.withMaxUnanswered(0, 1)),
              Map.entry("maxUnansweredPerAggregate", () -> some.withMaxUnanswered(1, 0)));
      bad.forEach(
          option ->
              assertThatThrownBy(option.getValue()::get)
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage(option.getKey() + " must be at least 1, was: 0"));
      assertThat(
              some.withMaxAttempts(1)
                  .withCachedAggregates(2)
                  .withRememberedCommands(3)
                  .withMaxUnanswered(4, 5))
          .isEqualTo(new RuntimeOptions(1, 2, 3, 4, 5, Optional.empty()));
    }
  }
}
