package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Look;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.Accounts.Withdrawn;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.aggregate.CommandOutcome.Unchanged;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class ConflictTest {
  private final Scene scene = new Scene();

  @Nested
  class Another_writer {
    @Test
    void is_noticed_and_the_command_is_decided_on_what_it_wrote() {
      scene.ask("d1", new Deposit(10));
      scene.store.external(Scene.ANNA, "ext", new Withdrawn(4));

      assertThat(scene.ask("w1", new Withdraw(7)))
          .isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 6"));
      assertThat(scene.ask("w2", new Withdraw(6))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1", "ext", "w2");
    }

    @Test
    void in_the_middle_of_a_pipeline_makes_everything_behind_it_be_decided_again() {
      scene.ask("d1", new Deposit(10));
      scene.store.hold();
      var first = scene.send("w1", new Withdraw(1));
      var second = scene.send("w2", new Withdraw(2));
      var third = scene.send("w3", new Withdraw(3));
      scene.store.next().pass();
      scene.store.external(Scene.ANNA, "ext", new Withdrawn(5), new Deposited(1));
      scene.store.next().pass();
      scene.store.next().pass();

      SteeredStore.Held secondAgain = scene.store.next();
      assertThat(secondAgain.commit.id()).isEqualTo("w2");
      assertThat(secondAgain.commit.expected()).isEqualTo(ExpectedVersion.exactly(4));
      secondAgain.pass();
      scene.store.next().pass();
      assertThat(first.join()).isInstanceOf(Accepted.class);
      assertThat(second.join()).isInstanceOf(Accepted.class);
      assertThat(third.join()).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1", "w1", "ext", "ext", "w2", "w3");
      assertThat(scene.balance()).isZero();
    }

    @Test
    void that_advances_the_stream_just_as_the_failed_commit_would_have_lets_nothing_slip_through() {
      scene.ask("d1", new Deposit(10));
      scene.store.hold();
      var deposit = scene.send("d2", new Deposit(5));
      var withdrawal = scene.send("w1", new Withdraw(12));
      scene.store.external(Scene.ANNA, "ext", new Withdrawn(10)); // one event, as d2 has

      scene.store.next().pass();
      SteeredStore.Held following = scene.store.next();
      assertThat(following.arrive()).isInstanceOf(Conflict.class);
      following.pass();
      scene.store.next().pass();
      assertThat(deposit.join()).isInstanceOf(Accepted.class);
      assertThat(withdrawal.join()).isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 5"));
      assertThat(scene.commits()).containsExactly("d1", "ext", "d2");
    }

    @Test
    void that_is_always_faster_ends_in_an_error_that_says_so() {
      Scene impatient = new Scene(RuntimeOptions.DEFAULT.withMaxAttempts(5));
      impatient.store.hold();
      var deposit = impatient.send("d1", new Deposit(1));
      for (int attempt = 0; attempt < 5; attempt++) {
        SteeredStore.Held append = impatient.store.next();
        impatient.store.external(Scene.ANNA, "ext" + attempt, new Deposited(1));
        append.pass();
      }

      assertThatThrownBy(deposit::join)
          .hasCauseInstanceOf(ContentionException.class)
          .hasMessageContaining("command d1 to Account:anna was decided 5 times");
      impatient.store.nothingIsHeld();
      assertThat(impatient.commits()).containsExactly("ext0", "ext1", "ext2", "ext3", "ext4");
      impatient.store.flow();
      assertThat(impatient.ask("w1", new Withdraw(5))).isInstanceOf(Accepted.class);
    }

    @Test
    void costs_those_who_wait_behind_the_conflict_no_attempt() {
      Scene impatient = new Scene(RuntimeOptions.DEFAULT.withMaxAttempts(1));
      impatient.store.hold();
      var first = impatient.send("d1", new Deposit(1));
      impatient.store.external(Scene.ANNA, "ext", new Deposited(1));
      SteeredStore.Held append = impatient.store.next();
      append.pass();
      impatient.store.flow();

      assertThatThrownBy(first::join).hasCauseInstanceOf(ContentionException.class);
      assertThat(impatient.ask("d2", new Deposit(1))).isInstanceOf(Accepted.class);
    }
  }

  @Nested
  class A_store_that_ends_too_early {
    @Test
    void has_lost_events_and_the_command_fails() {
      scene.ask("d1", new Deposit(1));
      scene.store.hold();
      var second = scene.send("d2", new Deposit(2));
      scene.store.next().answer(new StoreBehind(Scene.ANNA, 1, 0));

      assertThatThrownBy(second::join)
          .hasCauseInstanceOf(StoreWentBackException.class)
          .hasMessageContaining("stream Account:anna was at version 1 and is at 0 now");
    }

    @Test
    void is_reported_to_the_command_and_to_those_behind_it() {
      scene.ask("d1", new Deposit(1));
      scene.store.hold();
      var second = scene.send("d2", new Deposit(2));
      var third = scene.send("d3", new Deposit(3));
      scene.store.next().answer(new StoreBehind(Scene.ANNA, 1, 0));
      scene.store.next().answer(new StoreBehind(Scene.ANNA, 2, 0));

      assertThatThrownBy(second::join).hasCauseInstanceOf(StoreWentBackException.class);
      assertThatThrownBy(third::join)
          .hasCauseInstanceOf(PredecessorFailedException.class)
          .hasRootCauseInstanceOf(StoreWentBackException.class);
    }

    @Test
    void is_reported_once_and_what_it_has_left_is_what_counts_from_then_on() {
      scene.ask("d1", new Deposit(1));
      scene.store.hold();
      var second = scene.send("d2", new Deposit(2));
      scene.store.next().answer(new StoreBehind(Scene.ANNA, 1, 0));
      assertThatThrownBy(second::join).hasCauseInstanceOf(StoreWentBackException.class);
      scene.store.flow();
      scene.store.external(Scene.ANNA, "ext", new Deposited(5)); // other than this process thought

      assertThat(scene.ask("w1", new Withdraw(6))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1", "ext", "w1");
    }

    @Test
    void is_no_loss_behind_an_append_that_was_refused() {
      scene.store.hold();
      var refused = scene.send("d1", new Deposit(1));
      var behind = scene.send("d2", new Deposit(2));
      scene.store.next().refuse();
      scene.store.next().pass();

      assertNoLoss(refused, behind);
    }

    private void assertNoLoss(CompletableFuture<?> refused, CompletableFuture<?> behind) {
      assertThatThrownBy(refused::join).hasCauseInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(behind::join)
          .hasCauseInstanceOf(PredecessorFailedException.class)
          .hasRootCauseInstanceOf(StoreUnavailableException.class);
      scene.store.flow();
      assertThat(scene.ask("d2", new Deposit(2))).isInstanceOf(Accepted.class);
    }

    @Test
    void is_no_loss_though_its_answer_overtakes_the_refusal() {
      scene.store.hold();
      var refused = scene.send("d1", new Deposit(1));
      var behind = scene.send("d2", new Deposit(2));
      SteeredStore.Held first = scene.store.next();
      scene.store.next().pass();
      first.refuse();

      assertNoLoss(refused, behind);
    }
  }

  @Nested
  class An_answer_without_events {
    @Test
    void is_not_given_on_a_state_that_another_writer_has_left_behind() {
      scene.ask("d1", new Deposit(10));
      assertThat(scene.ask("w1", new Withdraw(11)))
          .isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 10"));
      scene.store.external(Scene.ANNA, "ext", new Deposited(1));

      assertThat(scene.ask("l1", new Look())).isEqualTo(new Unchanged<>(Scene.ANNA, 2));
      assertThat(Scene.accepted(scene.ask("w1", new Withdraw(11))).events())
          .isEqualTo(List.of(new Withdrawn(11)));
    }

    @Test
    void recognises_the_command_that_another_process_has_handled() {
      scene.ask("d1", new Deposit(10));
      scene.store.external(Scene.ANNA, "w1", new Withdrawn(8));

      assertThat(scene.ask("w1", new Withdraw(11))).isEqualTo(new AlreadyHandled<>(Scene.ANNA, 2));
    }

    @Test
    void needs_the_store() {
      scene.ask("d1", new Deposit(10));
      scene.store.failReads(new StoreUnavailableException("away", null));

      assertThatThrownBy(() -> scene.ask("w1", new Withdraw(11)))
          .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void reads_nothing_while_an_append_under_way_will_find_out() {
      scene.ask("d1", new Deposit(10));
      scene.store.hold();
      var first = scene.send("w1", new Withdraw(10));
      scene.store.failReads(new StoreUnavailableException("away", null));
      var second = scene.send("w2", new Withdraw(1));
      scene.store.next().pass();

      assertThat(first.join()).isInstanceOf(Accepted.class);
      assertThat(second.join()).isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 0"));
    }
  }
}
