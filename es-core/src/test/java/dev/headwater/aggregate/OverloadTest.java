package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.event.Metadata;
import dev.headwater.store.OverloadedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class OverloadTest {
  private final Scene scene = new Scene(RuntimeOptions.DEFAULT.withMaxUnanswered(5, 3));

  private CompletableFuture<CommandOutcome<Accounts.Event>> send(String aggregate, String id) {
    return scene.runtime.handle(aggregate, id, Metadata.atMicros(1), new Deposit(1));
  }

  @Nested
  class Commands_beyond_the_bound_of_one_aggregate {
    @Test
    void are_refused_at_once_and_say_what_to_do() {
      scene.store.hold();
      for (String id : List.of("d1", "d2", "d3")) {
        assertThat(scene.send(id, new Deposit(1))).isNotDone();
      }

      assertThatThrownBy(scene.send("d4", new Deposit(1))::join)
          .hasCauseInstanceOf(OverloadedException.class)
          .hasMessageContaining(
              "3 commands to Account:anna already wait for their answers, which is as many as may:"
                  + " send it again when some have been answered, or raise"
                  + " maxUnansweredPerAggregate of RuntimeOptions");
      assertThatThrownBy(() -> scene.ask("d5", new Deposit(1)))
          .isInstanceOf(OverloadedException.class);
      assertThat(send("bob", "d6")).isNotDone();
    }

    @Test
    void leave_no_trace_and_disturb_no_order() {
      scene.store.hold();
      var first = scene.send("d1", new Deposit(1));
      var second = scene.send("d2", new Deposit(2));
      var third = scene.send("w1", new Withdraw(3));
      var refused = scene.send("w2", new Withdraw(1));
      assertThat(refused).isCompletedExceptionally();

      scene.store.next().pass();
      var fourth = scene.send("d3", new Deposit(4));
      for (int i = 0; i < 3; i++) {
        scene.store.next().pass();
      }
      assertThat(List.of(first, second, third, fourth))
          .allMatch(answer -> answer.join() instanceof Accepted);
      scene.store.flow();
      assertThat(scene.ask("w2", new Withdraw(4))).isInstanceOf(Accepted.class);
      assertThat(scene.commits()).containsExactly("d1", "d2", "w1", "d3", "w2");
    }
  }

  @Nested
  class Commands_beyond_the_bound_in_all {
    @Test
    void are_refused_until_others_are_answered() {
      scene.store.hold();
      List<CompletableFuture<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(send("account" + i, "d" + i));
      }

      assertThatThrownBy(send("bob", "x")::join)
          .hasCauseInstanceOf(OverloadedException.class)
          .hasMessageContaining("5 commands to aggregates of type Account already wait")
          .hasMessageContaining("raise maxUnanswered of RuntimeOptions");
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      scene.store.next().pass();
      assertThat(send("bob", "y")).isNotDone();
      assertThat(send("bob", "z")).isCompletedExceptionally();
    }
  }

  @Nested
  class A_place {
    @Test
    void is_given_back_by_every_kind_of_answer() {
      for (int i = 0; i < 20; i++) {
        scene.ask("r" + i, new Withdraw(100)); // rejected
        scene.ask("l" + i, new Accounts.Look()); // unchanged
        scene.ask("d", new Deposit(1)); // accepted, then repeated
        assertThat(scene.send("x" + i, new Accounts.Fail(new IllegalStateException("a bug"))))
            .isCompletedExceptionally();
        assertThat(scene.runtime.handle("", "e" + i, Metadata.atMicros(1), new Deposit(1)))
            .isCompletedExceptionally();
      }
      for (int i = 0; i < 5; i++) {
        scene.store.hold();
        var refused = scene.send("s" + i, new Deposit(1));
        var behind = scene.send("t" + i, new Deposit(1));
        var again = scene.send("s" + i, new Deposit(1));
        scene.store.next().refuse();
        scene.store.flow();
        scene.store.next().pass();
        for (var answer : List.of(refused, behind, again)) {
          assertThatThrownBy(answer::join).cause().isNotInstanceOf(OverloadedException.class);
        }
      }
      assertThat(scene.ask("last", new Deposit(1))).isInstanceOf(Accepted.class);
    }

    @Test
    void is_kept_by_a_command_whose_caller_has_lost_patience() {
      scene.store.hold();
      for (int i = 0; i < 3; i++) {
        assertThat(scene.send("d" + i, new Deposit(1)).cancel(true)).isTrue();
      }
      assertThat(scene.send("d3", new Deposit(1))).isCompletedExceptionally();
      for (int i = 0; i < 3; i++) {
        scene.store.next().pass();
      }
      assertThat(scene.send("d4", new Deposit(1))).isNotDone();
    }
  }
}
