package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.event.Metadata;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.StoreWentBackException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class AskedStoreTest {
  private final SteeredStore steered = new SteeredStore();
  private final AskedStore store = new AskedStore(steered, new CompletableFuture<>());
  private final AggregateRuntime<Command, Account, Event> runtime =
      AggregateRuntime.create(
          "Account", new Accounts(), Event.class, Accounts.CODEC, store, RuntimeOptions.DEFAULT);

  private CompletableFuture<CommandOutcome<Event>> send(String commandId, Command command) {
    return runtime.handle("anna", commandId, Metadata.atMicros(1), command);
  }

  @Nested
  class A_conflict_while_the_store_is_asked_whether_it_knows_a_rejected_command {
    @Test
    void leaves_what_is_stored_behind_it_accepted() {
      var rejected = send("w1", new Withdraw(1));
      var stored = send("d1", new Deposit(10));
      steered.external(Scene.ANNA, "ext", new Deposited(1));
      var conflicting = send("d2", new Deposit(100));
      assertThat(rejected).isNotDone();

      store.mayAnswer().complete(null);

      assertThat(rejected.join()).isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 0"));
      assertThat(stored.join()).isInstanceOf(Accepted.class);
      assertThat(conflicting.join()).isInstanceOf(Accepted.class);
      assertThat(steered.commits(Scene.ANNA)).containsExactly("d1", "ext", "d2");
    }
  }

  @Nested
  class A_store_that_ends_too_early_while_it_is_asked_about_a_rejected_command {
    @Test
    void is_reported_as_having_lost_events() {
      assertThat(send("d1", new Deposit(100)).join()).isInstanceOf(Accepted.class);
      var rejected = send("w1", new Withdraw(999));
      steered.hold();
      var behind = send("d2", new Deposit(1));
      steered.next().answer(new StoreBehind(Scene.ANNA, 1, 0));

      assertThatThrownBy(behind::join).hasCauseInstanceOf(StoreWentBackException.class);
      store.mayAnswer().complete(null);
      assertThatThrownBy(rejected::join).hasCauseInstanceOf(PredecessorFailedException.class);
    }
  }
}
