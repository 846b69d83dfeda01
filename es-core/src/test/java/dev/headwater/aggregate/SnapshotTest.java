package dev.headwater.aggregate;

import static dev.headwater.aggregate.Scene.ANNA;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.DepositCoins;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.Accounts.Look;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.codec.StateCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.store.ReadStream.Direction;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import dev.headwater.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class SnapshotTest {
  private final SteeredStore store = new SteeredStore();
  private final SteeredSnapshots snapshots = new SteeredSnapshots(store.inner);
  private AggregateRuntime<Command, Account, Event> runtime = runtime(SnapshotPolicy.every(10), 1);
  private int commands;

  /** A new process on the same store. */
  private AggregateRuntime<Command, Account, Event> runtime(SnapshotPolicy policy, int revision) {
    return AggregateRuntime.create(
        "Account",
        new Accounts(),
        Event.class,
        Accounts.CODEC,
        store,
        RuntimeOptions.DEFAULT,
        new Snapshots<>(snapshots, StateCodec.json("Account", revision, Account.class), policy));
  }

  private CompletableFuture<CommandOutcome<Event>> send(String account, Command command) {
    return runtime.handle(account, "c" + ++commands, Metadata.atMicros(1), command);
  }

  private CommandOutcome<Event> ask(Command command) {
    return send("anna", command).join();
  }

  private void deposits(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(ask(new Deposit(1))).isInstanceOf(Accepted.class);
    }
  }

  private Snapshot kept(String schema) {
    SnapshotAndTail found = store.inner.loadFromSnapshot(ANNA, schema);
    assertThat(found).isInstanceOf(FromSnapshot.class);
    return ((FromSnapshot) found).snapshot();
  }

  private static String state(Snapshot snapshot) {
    return new String(snapshot.state(), UTF_8);
  }

  /** A snapshot beside the history, as something that nobody should have written. */
  private void plant(long version, String state) {
    RecordedEvent event = store.inner.read(ANNA, version, Direction.FORWARD, 1).getFirst();
    boolean kept =
        store.inner.saveSnapshot(
            ANNA, new Snapshot(version, event.commitId(), "Account#1", state.getBytes(UTF_8)));
    assertThat(kept).isTrue();
  }

  @Nested
  class Loading {
    @Test
    void needs_one_call_for_the_snapshot_and_the_events_behind_it() {
      deposits(10);
      assertThat(snapshots.next().version()).isEqualTo(10);
      deposits(3);
      store.failReads(new StoreUnavailableException("a second call", null));

      runtime = runtime(SnapshotPolicy.every(10), 1);

      assertThat(ask(new Withdraw(14))).isInstanceOf(Rejected.class);
      assertThat(ask(new Withdraw(13))).isInstanceOf(Accepted.class);
    }

    @Test
    void begins_at_the_snapshot() {
      deposits(2);
      plant(2, "{\"balance\":1000}"); // which the events do not say

      runtime = runtime(SnapshotPolicy.never(), 1);

      assertThat(runtime.history().latest("anna"))
          .isEqualTo(new Versioned<>(2, new Account(1_000)));
      assertThat(ask(new Withdraw(900))).isInstanceOf(Accepted.class);
      assertThat(runtime.history().latest("anna")).isEqualTo(new Versioned<>(3, new Account(100)));
    }

    @Test
    void of_a_past_state_applies_the_events_alone() {
      deposits(2);
      plant(2, "{\"balance\":1000}");

      assertThat(runtime.history().atVersion("anna", 2).state()).isEqualTo(new Account(2));
      assertThat(runtime.history().at("anna", Metadata.atMicros(1).time()).state())
          .isEqualTo(new Account(2));
    }

    @Test
    void goes_on_page_by_page_behind_a_snapshot_that_is_far_back() {
      deposits(1);
      plant(1, "{\"balance\":1}");
      ask(new DepositCoins(1_000));
      ask(new DepositCoins(1_000));
      ask(new DepositCoins(500));

      runtime = runtime(SnapshotPolicy.never(), 1);

      assertThat(runtime.history().latest("anna"))
          .isEqualTo(new Versioned<>(2_501, new Account(2_501)));
    }

    @Test
    void ignores_and_replaces_a_snapshot_of_another_schema() {
      deposits(10);
      assertThat(snapshots.next().schema()).isEqualTo("Account#1");

      runtime = runtime(SnapshotPolicy.every(10), 2);
      assertThat(ask(new Withdraw(11))).isInstanceOf(Rejected.class);

      assertThat(snapshots.next().schema()).isEqualTo("Account#2");
      assertThat(state(kept("Account#2"))).isEqualTo("{\"balance\":10}");
    }

    @Test
    void ignores_and_replaces_a_snapshot_that_cannot_be_read() {
      ask(new DepositCoins(9));
      plant(9, "{\"balance\":7,\"limit\":");

      runtime = runtime(SnapshotPolicy.every(9), 1);
      assertThat(ask(new Withdraw(10))).isInstanceOf(Rejected.class);

      snapshots.next();
      assertThat(state(kept("Account#1"))).isEqualTo("{\"balance\":9}");
    }

    @Test
    void recognises_the_commands_behind_the_snapshot() {
      deposits(10);
      snapshots.next();
      deposits(1);

      runtime = runtime(SnapshotPolicy.every(10), 1);

      assertThat(runtime.handleAndWait("anna", "c11", Metadata.atMicros(1), new Deposit(1)))
          .isEqualTo(new AlreadyHandled<Event>(ANNA, 11));
    }
  }

  @Nested
  class A_snapshot_is_written {
    @Test
    void with_what_the_events_say_and_whose_commit_they_are() {
      deposits(10);

      Snapshot written = snapshots.next();
      assertThat(written.version()).isEqualTo(10);
      assertThat(written.commitId()).isEqualTo("c10");
      assertThat(state(written)).isEqualTo("{\"balance\":10}");
    }

    @Test
    void only_once_its_events_are_stored() {
      store.hold();
      List<CompletableFuture<CommandOutcome<Event>>> answers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        answers.add(send("anna", new Deposit(1)));
      }
      for (int i = 0; i < 9; i++) {
        store.next().pass();
      }
      assertThat(snapshots.arrived).hasValue(0);

      store.next().pass();

      assertThat(snapshots.next().version()).isEqualTo(10);
      answers.forEach(CompletableFuture::join);
    }

    @Test
    void not_of_a_state_that_came_to_nothing() {
      deposits(8);
      store.hold();
      var ninth = send("anna", new Deposit(1));
      var tenth = send("anna", new Deposit(1));
      store.external(ANNA, "external", new Deposited(100));
      store.flow();
      store.next().pass();
      store.next().pass();
      ninth.join();
      tenth.join();

      Snapshot written = snapshots.next();
      assertThat(written.version()).isEqualTo(10);
      assertThat(state(written)).isEqualTo("{\"balance\":109}");
      assertThat(written.commitId()).isEqualTo("c9");
    }

    @Test
    void so_many_events_behind_the_one_that_was_loaded() {
      deposits(10);
      snapshots.next();
      deposits(5);
      runtime = runtime(SnapshotPolicy.every(10), 1);
      deposits(4);
      assertThat(snapshots.arrived).hasValue(1);
      deposits(1);

      assertThat(snapshots.next().version()).isEqualTo(20);
    }

    @Test
    void also_when_a_long_history_was_only_looked_at() {
      runtime = runtime(SnapshotPolicy.never(), 1);
      ask(new DepositCoins(1_000));
      assertThat(snapshots.arrived).hasValue(0);

      runtime = runtime(SnapshotPolicy.every(10), 1);
      ask(new Look());

      assertThat(snapshots.next().version()).isEqualTo(1_000);
    }

    @Test
    void for_as_long_as_replaying_is_dear_by_what_loads_took() {
      runtime = runtime((events, replayNanos) -> replayNanos >= 1_000_000_000_000_000L, 1);
      ask(new DepositCoins(1_000));
      assertThat(snapshots.arrived).hasValue(0);

      runtime = runtime((events, replayNanos) -> replayNanos > 0, 1);
      ask(new Look());

      assertThat(snapshots.next().version()).isEqualTo(1_000);
    }
  }

  @Nested
  class Writing {
    @Test
    void that_fails_is_not_seen_by_commands_and_tried_again_later() {
      snapshots.fail(new StackOverflowError("a state that is too deep"));
      deposits(19);
      assertThat(snapshots.next().version()).isEqualTo(10);
      snapshots.fail(null);
      Snapshot second = null;
      while (second == null) { // the first one may still be on its way out
        deposits(1);
        second = snapshots.noneIsDone() ? null : snapshots.next();
      }

      assertThat(second.version()).isGreaterThanOrEqualTo(20);
      assertThat(state(second)).isEqualTo("{\"balance\":" + second.version() + "}");
    }

    @Test
    void is_left_out_where_the_policy_fails() {
      runtime =
          runtime(
              (events, replayNanos) -> {
                throw new IllegalStateException("a policy with a defect");
              },
              1);
      deposits(3);

      assertThat(runtime.history().latest("anna").version()).isEqualTo(3);
      assertThat(snapshots.arrived).hasValue(0);
    }

    @Test
    void that_takes_long_holds_no_command_up_and_is_done_once_at_a_time() {
      snapshots.hold();
      deposits(35);
      assertThat(snapshots.noneIsDone()).isTrue();
      snapshots.flow();
      assertThat(snapshots.next().version()).isEqualTo(10);
      assertThat(snapshots.arrived).hasValue(1);
    }

    @Test
    void is_bounded_over_all_aggregates() {
      snapshots.hold();
      for (int i = 0; i < 40; i++) {
        assertThat(send("account-" + i, new DepositCoins(10)).join()).isInstanceOf(Accepted.class);
      }
      snapshots.flow();
      for (int i = 0; i < 16; i++) {
        snapshots.next();
      }

      assertThat(snapshots.arrived).hasValue(16);
    }
  }
}
