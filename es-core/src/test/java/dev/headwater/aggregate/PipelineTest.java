package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.DepositCoins;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Fail;
import dev.headwater.aggregate.Accounts.Look;
import dev.headwater.aggregate.Accounts.Meanwhile;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.aggregate.CommandOutcome.Unchanged;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class PipelineTest {
  private static void assertFollowsAFailure(CompletableFuture<?> answer) {
    assertThat(answer)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(PredecessorFailedException.class);
  }

  private final Scene scene = new Scene();

  @Nested
  class A_single_command {
    @Test
    void is_answered_with_the_receipt_and_its_events() {
      scene.ask("d1", new Deposit(5));

      Accepted<Accounts.Event> accepted = Scene.accepted(scene.ask("d2", new DepositCoins(3)));
      Receipt receipt = accepted.receipt();
      assertThat(receipt.stream()).isEqualTo(Scene.ANNA);
      assertThat(receipt.firstVersion()).isEqualTo(2);
      assertThat(receipt.lastVersion()).isEqualTo(4);
      assertThat(receipt.duplicate()).isFalse();
      assertThat(accepted.events())
          .isEqualTo(List.of(new Deposited(1), new Deposited(1), new Deposited(1)));
      assertThat(scene.balance()).isEqualTo(8);
    }

    @Test
    void is_stored_under_its_own_id_with_its_metadata() {
      Metadata metadata =
          Metadata.atMicros(7).withActor("anna").withCause("cor", "cau").withTraceparent("00-1");
      scene.runtime.handleAndWait("anna", "d1", metadata, new Deposit(5));

      RecordedEvent event = scene.store.inner.readAll(Scene.ANNA, 1).toList().getFirst();
      assertThat(event.commitId()).isEqualTo("d1");
      assertThat(event.metadata()).isEqualTo(metadata);
    }

    @Test
    void that_a_rule_forbids_is_rejected_and_stores_nothing() {
      assertThat(scene.ask("w1", new Withdraw(1)))
          .isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 0"));
      assertThat(scene.commits()).isEmpty();
    }

    @Test
    void that_changes_nothing_says_at_which_version() {
      assertThat(scene.ask("l0", new Look())).isEqualTo(new Unchanged<>(Scene.ANNA, 0));
      scene.ask("d1", new DepositCoins(4));
      assertThat(scene.ask("l1", new Look())).isEqualTo(new Unchanged<>(Scene.ANNA, 4));
    }
  }

  @Nested
  class While_the_store_is_slow {
    @Test
    void commands_are_decided_on_what_is_under_way_without_waiting() {
      scene.store.hold();
      var deposit = scene.send("d1", new Deposit(10));
      var withdrawal = scene.send("w1", new Withdraw(7));

      SteeredStore.Held first = scene.store.next();
      SteeredStore.Held second = scene.store.next();
      assertThat(first.commit.id()).isEqualTo("d1");
      assertThat(first.commit.expected()).isEqualTo(ExpectedVersion.noStream());
      assertThat(second.commit.id()).isEqualTo("w1");
      assertThat(second.commit.expected()).isEqualTo(ExpectedVersion.following(1, "d1"));
      assertThat(deposit).isNotDone();
      assertThat(withdrawal).isNotDone();

      first.pass();
      assertThat(deposit).isCompletedWithValueMatching(o -> o instanceof Accepted);
      assertThat(withdrawal).isNotDone();
      second.pass();
      assertThat(withdrawal).isCompletedWithValueMatching(o -> o instanceof Accepted);
      assertThat(scene.balance()).isEqualTo(3);
    }

    @Test
    void a_commit_with_nothing_under_way_expects_the_version_alone() {
      scene.store.hold();
      var unused = scene.send("d1", new DepositCoins(2));
      scene.store.next().pass();
      unused = scene.send("d2", new Deposit(1));

      assertThat(scene.store.next().commit.expected()).isEqualTo(ExpectedVersion.exactly(2));
    }

    @Test
    void answers_that_overtake_each_other_are_given_in_the_order_of_acceptance() {
      scene.store.hold();
      var first = scene.send("d1", new Deposit(1));
      var second = scene.send("d2", new Deposit(2));
      SteeredStore.Held firstAppend = scene.store.next();
      SteeredStore.Held secondAppend = scene.store.next();
      var firstResult = firstAppend.arrive();

      secondAppend.pass();
      assertThat(second).isNotDone();

      var third = scene.send("d3", new Deposit(3));
      SteeredStore.Held thirdAppend = scene.store.next();
      assertThat(thirdAppend.commit.expected()).isEqualTo(ExpectedVersion.following(2, "d2"));

      firstAppend.answer(firstResult);
      assertThat(first).isCompleted();
      assertThat(second).isCompleted();
      thirdAppend.pass();
      assertThat(third).isCompleted();
      assertThat(scene.commits()).containsExactly("d1", "d2", "d3");
    }

    @Test
    void a_rejection_is_given_only_when_the_events_that_it_rests_on_are_stored() {
      scene.ask("d1", new Deposit(10));
      scene.store.hold();
      var first = scene.send("w1", new Withdraw(10));
      var second = scene.send("w2", new Withdraw(1));
      assertThat(second).isNotDone();

      scene.store.next().pass();
      assertThat(first).isCompletedWithValueMatching(o -> o instanceof Accepted);
      assertThat(second).isCompletedWithValue(new Rejected<>("OVERDRAWN", "the balance is 0"));
    }

    @Test
    void a_rejection_fails_when_the_events_that_it_rests_on_are_refused() {
      scene.ask("d1", new Deposit(10));
      scene.store.hold();
      var first = scene.send("w1", new Withdraw(10));
      var second = scene.send("w2", new Withdraw(1));

      scene.store.next().refuse();
      assertThatThrownBy(first::join).hasCauseInstanceOf(StoreUnavailableException.class);
      assertFollowsAFailure(second);
      scene.store.flow();
      assertThat(scene.ask("w2", new Withdraw(1))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1", "w2");
    }

    @Test
    void an_unchanged_answer_waits_and_fails_too() {
      scene.store.hold();
      var deposit = scene.send("d1", new Deposit(10));
      var look = scene.send("l1", new Look());
      assertThat(look).isNotDone();

      scene.store.next().refuse();
      assertFollowsAFailure(look);
      assertThat(deposit).isCompletedExceptionally();
    }

    @Test
    void commands_that_arrive_before_a_failure_is_dealt_with_fail_and_none_overtakes() {
      scene.store.hold();
      var refused = scene.send("d1", new Deposit(1));
      var second = scene.send("d2", new Deposit(2));
      SteeredStore.Held first = scene.store.next();
      SteeredStore.Held behind = scene.store.next();
      first.refuse();
      var third = scene.send("d3", new Deposit(3));
      var fourth = scene.send("d4", new Deposit(4));
      scene.store.nothingIsHeld();
      scene.store.flow();

      behind.pass();
      List.of(second, third, fourth).forEach(PipelineTest::assertFollowsAFailure);
      assertThat(refused).isCompletedExceptionally();
      assertThat(scene.commits()).isEmpty();
    }
  }

  @Nested
  class Commands_that_waited_for_a_failure {
    @Test
    void fail_with_it_and_the_aggregate_goes_on() {
      scene.store.hold();
      var first = scene.send("d1", new Deposit(1));
      var second = scene.send("d2", new Deposit(2));
      SteeredStore.Held firstAppend = scene.store.next();
      SteeredStore.Held secondAppend = scene.store.next();
      firstAppend.refuse();
      var waiting = scene.send("d3", new Deposit(3));
      secondAppend.refuse();
      assertFollowsAFailure(waiting);
      assertThat(List.of(first, second)).allMatch(CompletableFuture::isCompletedExceptionally);

      scene.store.flow();
      assertThat(scene.ask("d4", new Deposit(4))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d4");
    }
  }

  @Nested
  class A_command_that_breaks {
    @Test
    void fails_alone_when_the_decider_throws() {
      IllegalStateException bug = new IllegalStateException("a bug");
      scene.store.hold();
      var before = scene.send("d1", new Deposit(1));
      var broken = scene.send("x", new Fail(bug));
      var after = scene.send("d2", new Deposit(2));

      assertThatThrownBy(broken::join).hasCause(bug);
      scene.store.next().pass();
      scene.store.next().pass();
      assertThat(before).isCompleted();
      assertThat(after).isCompleted();
      assertThat(scene.commits()).containsExactly("d1", "d2");
    }

    @Test
    void fails_alone_whatever_the_decider_throws() {
      for (Throwable bug : List.of(new IOException("checked"), new AssertionError("error"))) {
        assertThatThrownBy(scene.send("x", new Fail(bug))::join).hasCause(bug);
      }
      assertThat(scene.ask("d1", new Deposit(1))).isInstanceOf(Accepted.class);
    }

    @Test
    void is_thrown_as_it_is_to_a_caller_that_waits() {
      IllegalStateException bug = new IllegalStateException("a bug");
      assertThatThrownBy(() -> scene.ask("x", new Fail(bug))).isSameAs(bug);
      AssertionError error = new AssertionError("an error");
      assertThatThrownBy(() -> scene.ask("x", new Fail(error)))
          .isInstanceOf(CompletionException.class)
          .hasCause(error);
    }

    @Test
    void fails_alone_when_its_id_can_not_be_stored() {
      assertThatThrownBy(() -> scene.ask("", new Deposit(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("commit id must have 1 to 200 characters");
      assertThat(scene.ask("d1", new Deposit(1))).isInstanceOf(Accepted.class);
    }

    @Test
    void fails_alone_when_it_leads_to_too_many_events() {
      assertThatThrownBy(() -> scene.ask("many", new DepositCoins(1_001)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("commit many to Account:anna must have 1 to 1000 events, had 1001");
      assertThat(scene.ask("d1", new Deposit(1))).isInstanceOf(Accepted.class);
    }

    @Test
    void fails_alone_when_the_store_throws_instead_of_answering() {
      IllegalStateException bug = new IllegalStateException("a bug of the store");
      scene.store.breakAppends(bug);
      assertThatThrownBy(() -> scene.ask("d1", new Deposit(1))).isSameAs(bug);
      scene.store.breakAppends(null);

      assertThat(scene.ask("d2", new Deposit(1))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d2");
    }

    @Test
    void fails_alone_when_the_aggregate_id_can_not_be_stored() {
      assertThatThrownBy(
              () -> scene.runtime.handleAndWait("", "d1", Metadata.atMicros(1), new Deposit(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stream id of type Account");
    }
  }

  @Nested
  class More_commands_than_one_worker_takes {
    @Test
    void are_handed_over_and_keep_their_order() {
      int count = 3_500;
      List<CompletableFuture<?>> answers = new ArrayList<>();
      List<Thread> workers = new CopyOnWriteArrayList<>();
      scene.ask(
          "burst",
          new Meanwhile(
              () -> {
                for (int i = 0; i < count; i++) {
                  answers.add(scene.send("c" + i, new Deposit(1)));
                  answers.add(
                      scene.send(
                          "w" + i, new Meanwhile(() -> workers.add(Thread.currentThread()))));
                }
              }));
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();

      assertThat(scene.commits())
          .isEqualTo(IntStream.range(0, count).mapToObj(i -> "c" + i).toList());
      assertThat(scene.balance()).isEqualTo(count);
      assertThat(workers.getFirst()).isSameAs(Thread.currentThread());
      assertThat(workers.getLast().isVirtual()).isTrue();
      assertThat(Set.copyOf(workers)).hasSize(1 + 2 * count / 1_000);
    }
  }

  @Nested
  class A_busy_aggregate {
    @Test
    void keeps_its_order_though_the_cache_throws_it_out() {
      Scene small = new Scene(RuntimeOptions.DEFAULT.withCachedAggregates(1));
      small.store.hold();
      var first = small.send("d1", new Deposit(10));
      SteeredStore.Held annas = small.store.next();
      small.store.flow();
      for (int i = 0; i < 20; i++) {
        small.runtime.handleAndWait("other" + i, "o" + i, Metadata.atMicros(1), new Deposit(1));
      }
      small.store.hold();
      var second = small.send("w1", new Withdraw(10));
      SteeredStore.Held annasSecond = small.store.next();

      assertThat(annasSecond.commit.expected()).isEqualTo(ExpectedVersion.following(1, "d1"));
      annas.pass();
      annasSecond.pass();
      assertThat(first).isCompletedWithValueMatching(o -> o instanceof Accepted);
      assertThat(second).isCompletedWithValueMatching(o -> o instanceof Accepted);
    }

    @Test
    void is_read_again_after_the_cache_threw_it_out_idle() {
      Scene small = new Scene(RuntimeOptions.DEFAULT.withCachedAggregates(1));
      for (int round = 0; round < 10; round++) {
        for (String id : List.of("anna", "bob", "eve")) {
          small.runtime.handleAndWait(id, id + round, Metadata.atMicros(1), new Deposit(1));
        }
      }
      for (String id : List.of("anna", "bob", "eve")) {
        assertThat(small.runtime.history().latest(id).state().balance()).isEqualTo(10);
      }
    }
  }
}
