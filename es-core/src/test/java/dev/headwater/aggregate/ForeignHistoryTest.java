package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.DepositCoins;
import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.Accounts.Meanwhile;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.ReadStream;
import dev.headwater.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnVirtualThread.class)
class ForeignHistoryTest {
  private static final Metadata METADATA = Metadata.atMicros(1);

  /** Of rich accounts a deposit of coins makes one event more. */
  private static final class RichAndPoor implements Decider<Command, Account, Event> {
    private final Accounts accounts = new Accounts();

    @Override
    public Account initial() {
      return accounts.initial();
    }

    @Override
    public List<Event> decide(Command command, Account account) {
      return command instanceof DepositCoins
          ? Collections.nCopies(account.balance() >= 50 ? 2 : 1, new Deposited(1))
          : accounts.decide(command, account);
    }

    @Override
    public Account evolve(Account account, Event event) {
      return accounts.evolve(account, event);
    }
  }

  private static AggregateRuntime<Command, Account, Event> process(
      EventStore store, Decider<Command, Account, Event> decider) {
    return AggregateRuntime.create(
        "Account", decider, Event.class, Accounts.CODEC, store, RuntimeOptions.DEFAULT);
  }

  @Nested
  class A_command_that_another_process_has_stored_at_the_same_end {
    @Test
    void is_already_handled_and_the_next_is_decided_on_what_that_process_stored() {
      InMemoryEventStore store = new InMemoryEventStore();
      var here = process(store, new RichAndPoor());
      var there = process(store, new RichAndPoor());
      here.handleAndWait("anna", "d1", METADATA, new Deposit(100));
      there.handleAndWait("anna", "w1", METADATA, new Withdraw(90));
      there.handleAndWait("anna", "x", METADATA, new DepositCoins(1)); // at version 3, alone

      assertThat(here.handleAndWait("anna", "x", METADATA, new DepositCoins(1))) // 2 and 3 here
          .isInstanceOf(AlreadyHandled.class);
      assertThat(here.handleAndWait("anna", "w2", METADATA, new Withdraw(95)))
          .isEqualTo(new Rejected<>("OVERDRAWN", "the balance is 11"));
    }
  }

  @Nested
  class A_command_that_the_store_refused {
    @Test
    void may_be_sent_again_where_its_failure_arrives() {
      Scene scene = new Scene();
      scene.store.hold();
      var retried =
          scene
              .send("d1", new Deposit(1))
              .exceptionallyCompose(failure -> scene.send("d1", new Deposit(1)));
      scene.store.flow();

      scene.store.next().refuse();

      assertThat(retried.join()).isInstanceOf(Accepted.class);
    }
  }

  @Nested
  class A_caller_that_is_interrupted_while_it_works_for_others {
    @Test
    void fails_none_of_their_commands() {
      SteeredStore store = new SteeredStore();
      var runtime =
          AggregateRuntime.create(
              "Account",
              new Accounts(),
              Event.class,
              Accounts.CODEC,
              new Interruptible(store),
              RuntimeOptions.DEFAULT);
      runtime.handleAndWait("anna", "d1", METADATA, new Deposit(1));
      List<CompletableFuture<CommandOutcome<Event>>> others =
          Collections.synchronizedList(new ArrayList<>());
      AtomicBoolean once = new AtomicBoolean();
      Runnable crowd =
          () -> {
            if (once.compareAndSet(false, true)) {
              Thread worker = Thread.currentThread();
              joined(
                  Thread.ofPlatform()
                      .start(
                          () -> {
                            for (int i = 0; i < 20; i++) {
                              others.add(
                                  runtime.handle("anna", "w" + i, METADATA, new Withdraw(9)));
                            }
                          }));
              worker.interrupt();
            }
          };

      joined(
          Thread.startVirtualThread(
              () -> runtime.handle("anna", "m1", METADATA, new Meanwhile(crowd))));

      assertThat(others)
          .hasSize(20)
          .allSatisfy(other -> assertThat(other.join()).isInstanceOf(Rejected.class));
    }

    private static void joined(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Like a store that waits for its reads, and can't where the thread is interrupted. */
  private record Interruptible(SteeredStore store) implements ReadStream, AppendToStream {
    @Override
    public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
      return store.append(commit, durability);
    }

    @Override
    public List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
      if (Thread.currentThread().isInterrupted()) {
        throw new StoreUnavailableException("interrupted while reading", null);
      }
      return store.read(stream, from, direction, limit);
    }
  }
}
