package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.DepositCoins;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.NotDurable;
import dev.headwater.store.Durability;
import dev.headwater.store.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DurableCommandsTest {
  private static final Durability LEVEL = Durability.replicated(1);

  private final Scene scene = new Scene(RuntimeOptions.DEFAULT.withDurability(LEVEL));

  private static void assertAlreadyHandled(CompletableFuture<CommandOutcome<Event>> answer) {
    assertThat(answer.join())
        .isInstanceOfSatisfying(
            AlreadyHandled.class,
            handled -> {
              assertThat(handled.stream()).isEqualTo(Scene.ANNA);
              assertThat(handled.firstVersion()).isEqualTo(1);
            });
  }

  private static <T> void assertNotDurable(CompletableFuture<CommandOutcome<T>> answer) {
    assertThat(answer.join())
        .isInstanceOfSatisfying(
            NotDurable.class,
            outcome -> {
              assertThat(outcome.asked()).isEqualTo(LEVEL);
              assertThat(outcome.reason()).isEqualTo("no replica");
            });
  }

  @Nested
  class A_runtime_with_a_level_of_its_own {
    @Test
    void appends_at_that_level() {
      scene.store.hold();
      CompletableFuture<CommandOutcome<Event>> answer = scene.send("d1", new Deposit(1));

      SteeredStore.Held append = scene.store.next();
      append.pass();

      assertThat(append.durability).isEqualTo(LEVEL);
      assertThat(answer.join()).isInstanceOf(Accepted.class);
    }

    @Test
    void appends_at_the_stores_level_where_it_has_none() {
      Scene plain = new Scene();
      plain.store.hold();
      plain.send("d1", new Deposit(1));

      assertThat(plain.store.next().durability).isEqualTo(plain.store.durability());
    }
  }

  @Nested
  class A_command_that_is_stored_but_not_durable {
    @Test
    void is_an_outcome_of_its_own_and_the_aggregate_goes_on_with_its_events() {
      scene.store.hold();
      CompletableFuture<CommandOutcome<Event>> deposit = scene.send("d1", new Deposit(5));
      CompletableFuture<CommandOutcome<Event>> withdrawal = scene.send("w1", new Withdraw(5));

      scene.store.next().passUnproven();
      scene.store.next().pass();

      assertNotDurable(deposit);
      assertThat(withdrawal.join()).isInstanceOf(Accepted.class);
      assertThat(scene.balance()).isZero();
    }

    @Test
    void is_already_handled_once_it_comes_again_and_is_durable() {
      scene.store.hold();
      CompletableFuture<CommandOutcome<Event>> first = scene.send("d1", new DepositCoins(3));
      scene.store.next().passUnproven();
      assertNotDurable(first);

      CompletableFuture<CommandOutcome<Event>> second = scene.send("d1", new DepositCoins(3));
      scene.store.next().passUnproven();
      CompletableFuture<CommandOutcome<Event>> third = scene.send("d1", new DepositCoins(3));
      scene.store.next().pass();

      assertNotDurable(second);
      assertAlreadyHandled(third);
      assertThat(scene.ask("d1", new DepositCoins(3))).isInstanceOf(AlreadyHandled.class);
      scene.store.nothingIsHeld();
      assertThat(scene.commits()).containsExactly("d1", "d1", "d1");
    }

    @Test
    void is_answered_like_the_first_when_it_comes_again_meanwhile() {
      scene.store.hold();
      CompletableFuture<CommandOutcome<Event>> first = scene.send("d1", new Deposit(1));
      CompletableFuture<CommandOutcome<Event>> second = scene.send("d1", new Deposit(1));
      scene.send("d2", new Deposit(1));
      SteeredStore.Held append = scene.store.next();
      scene.store.next(); // so the second command has been looked at

      append.passUnproven();

      assertNotDurable(first);
      assertNotDurable(second);
    }
  }

  @Nested
  class A_command_that_another_process_has_stored {
    @Test
    void is_proven_before_it_is_called_handled() {
      scene.store.external(Scene.ANNA, "other", new Accounts.Deposited(1));
      scene.store.hold();

      CompletableFuture<CommandOutcome<Event>> answer = scene.send("other", new Deposit(1));
      SteeredStore.Held append = scene.store.next();
      assertThat(answer).isNotDone();
      append.pass();

      assertThat(append.commit.id()).isEqualTo("other");
      assertThat(append.durability).isEqualTo(LEVEL);
      assertAlreadyHandled(answer);
      assertThat(scene.commits()).containsExactly("other");
    }

    @Test
    void fails_where_the_store_can_not_be_asked() {
      scene.store.external(Scene.ANNA, "other", new Accounts.Deposited(1));
      scene.store.hold();

      CompletableFuture<CommandOutcome<Event>> answer = scene.send("other", new Deposit(1));
      scene.store.next().refuse();

      assertThat(answer)
          .failsWithin(java.time.Duration.ofSeconds(10))
          .withThrowableOfType(java.util.concurrent.ExecutionException.class)
          .withCauseInstanceOf(StoreUnavailableException.class);
      assertThat(scene.commits()).containsExactly("other");
    }

    @Test
    void is_handled_at_once_where_memory_is_enough() {
      Scene plain = new Scene();
      plain.store.external(Scene.ANNA, "other", new Accounts.Deposited(1));
      plain.store.hold();

      assertThat(plain.ask("other", new Deposit(1))).isInstanceOf(AlreadyHandled.class);
      plain.store.nothingIsHeld();
    }
  }
}
