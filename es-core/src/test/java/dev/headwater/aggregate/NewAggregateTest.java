package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.event.Metadata;
import dev.headwater.store.StoreUnavailableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class NewAggregateTest {
  private final Scene scene = new Scene();

  private CommandOutcome<Event> ask(String account, String commandId, Command command) {
    return scene.runtime.handleAndWait(account, commandId, Metadata.atMicros(1), command);
  }

  @BeforeEach
  void nothing_but_new_accounts() {
    for (int i = 0; i < 8; i++) {
      assertThat(ask("new-" + i, "c-" + i, new Deposit(1))).isInstanceOf(Accepted.class);
    }
  }

  private void noReads() {
    scene.store.failReads(new StoreUnavailableException("no reads", null));
  }

  @Nested
  class Where_new_ones_are_the_rule {
    @Test
    void one_more_is_made_without_a_read() {
      noReads();

      assertThat(ask("anna", "d1", new Deposit(5))).isInstanceOf(Accepted.class);
      assertThat(ask("anna", "w1", new Withdraw(4))).isInstanceOf(Accepted.class);

      scene.store.failReads(null);
      assertThat(scene.balance()).isEqualTo(1);
    }

    @Test
    void one_that_is_there_is_read_and_the_command_decided_on_what_it_is() {
      scene.store.external(Scene.ANNA, "ext", new Deposited(3));

      assertThat(Scene.accepted(ask("anna", "d1", new Deposit(5))).receipt().lastVersion())
          .isEqualTo(2);
      assertThat(ask("anna", "w1", new Withdraw(9)))
          .isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 8"));
      assertThat(scene.commits()).containsExactly("ext", "d1");
    }

    @Test
    void one_that_is_there_makes_the_next_be_read_first() {
      scene.store.external(Scene.ANNA, "ext", new Deposited(3));
      ask("anna", "d1", new Deposit(5));
      noReads();

      assertThatThrownBy(() -> ask("bob", "d1", new Deposit(5)))
          .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void a_command_that_would_be_rejected_by_a_new_one_is_decided_on_what_is_stored() {
      scene.store.external(Scene.ANNA, "ext", new Deposited(3));

      assertThat(ask("anna", "w1", new Withdraw(2))).isInstanceOf(Accepted.class);
      assertThat(scene.balance()).isEqualTo(1);
    }

    @Test
    void a_command_that_comes_again_is_recognised_and_what_follows_decided_on_what_is_stored() {
      scene.store.external(Scene.ANNA, "d1", new Deposited(3));

      assertThat(ask("anna", "d1", new Deposit(5)))
          .isInstanceOfSatisfying(
              AlreadyHandled.class, handled -> assertThat(handled.firstVersion()).isEqualTo(1));
      assertThat(ask("anna", "w1", new Withdraw(4)))
          .isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 3"));
    }
  }

  @Nested
  class A_pipeline_behind_a_wrong_guess {
    @Test
    void is_decided_again_in_its_order() {
      scene.store.external(Scene.ANNA, "ext", new Deposited(3));
      scene.store.hold();
      var first = scene.send("d1", new Deposit(1));
      var second = scene.send("w1", new Withdraw(4));
      SteeredStore.Held guess = scene.store.next();
      scene.store.flow();
      guess.pass();

      assertThat(first.join()).isInstanceOf(Accepted.class);
      assertThat(second.join()).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("ext", "d1", "w1");
      assertThat(scene.balance()).isZero();
    }
  }
}
