package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Deposit;
import dev.headwater.aggregate.Accounts.DepositCoins;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.Accounts.Withdraw;
import dev.headwater.event.Metadata;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.ReadStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RaceTest {
  private static final RuntimeOptions PATIENT =
      RuntimeOptions.DEFAULT.withMaxAttempts(1_000).withCachedAggregates(2);

  private static List<AggregateRuntime<Command, Account, Event>> runtimes(
      int count, FaultyStore store) {
    return IntStream.range(0, count).mapToObj(i -> runtime(store)).toList();
  }

  private static <T extends ReadStream & AppendToStream>
      AggregateRuntime<Command, Account, Event> runtime(T store) {
    return AggregateRuntime.create(
        "Account", new Accounts(), Event.class, Accounts.CODEC, store, PATIENT);
  }

  private static AggregateRuntime<Command, Account, Event> runtime(
      FaultyStore store, KeepSnapshots snapshots) {
    return AggregateRuntime.create(
        "Account",
        new Accounts(),
        Event.class,
        Accounts.CODEC,
        store,
        PATIENT,
        new Snapshots<>(snapshots, CheckedSnapshots.CODEC, SnapshotPolicy.every(3)));
  }

  private static Command random(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Deposit(1 + random.nextInt(20));
      case 1 -> new DepositCoins(1 + random.nextInt(3));
      default -> new Withdraw(1 + random.nextInt(15));
    };
  }

  private static void together(int threads, Caller caller) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(threads);
    List<Throwable> failures = new ArrayList<>();
    List<Thread> running =
        IntStream.range(0, threads)
            .mapToObj(
                number ->
                    Thread.startVirtualThread(
                        () -> {
                          try {
                            ready.countDown();
                            ready.await();
                            caller.run(number);
                          } catch (Throwable e) {
                            synchronized (failures) {
                              failures.add(e);
                            }
                          }
                        }))
            .toList();
    for (Thread thread : running) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  interface Caller {
    void run(int number) throws Exception;
  }

  @Nested
  class Many_threads_on_few_aggregates {
    @Test
    void lose_nothing_double_nothing_and_decide_on_what_is_stored() throws InterruptedException {
      FaultyStore store = new FaultyStore(0);
      race(store, runtimes(3, store));
    }

    @Test
    void do_so_with_snapshots_too_and_each_of_these_is_what_the_events_say()
        throws InterruptedException {
      FaultyStore store = new FaultyStore(0);
      CheckedSnapshots snapshots = new CheckedSnapshots(store.inner());

      race(store, IntStream.range(0, 3).mapToObj(i -> runtime(store, snapshots)).toList());

      snapshots.check();
    }

    private void race(FaultyStore store, List<AggregateRuntime<Command, Account, Event>> runtimes)
        throws InterruptedException {
      CommandLedger ledger = new CommandLedger();

      together(
          64,
          number -> {
            Random random = new Random(number);
            AggregateRuntime<Command, Account, Event> runtime = runtimes.get(number % 3);
            for (int i = 0; i < 100; i++) {
              String account = "account" + random.nextInt(4);
              Sent sent = ledger.sent(number, account, number + "-" + i, random(random));
              sent.settled(
                  runtime.handleAndWait(account, sent.id(), Metadata.atMicros(1), sent.command()));
            }
          });

      ledger.check(store.inner());
    }
  }

  @Nested
  class A_store_that_fails_at_random {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void stores_every_accepted_command_once_in_order_and_no_other(int seed)
        throws InterruptedException {
      FaultyStore store = new FaultyStore(seed);
      var runtimes = runtimes(2, store);
      CommandLedger ledger = new CommandLedger();
      Map<Integer, AtomicInteger> counters = new ConcurrentHashMap<>();

      together(
          16,
          number -> {
            Random random = new Random(seed * 100L + number);
            AggregateRuntime<Command, Account, Event> runtime = runtimes.get(number % 2);
            AtomicInteger counter = counters.computeIfAbsent(number, n -> new AtomicInteger());
            for (int burst = 0; burst < 20; burst++) {
              List<Sent> sent = new ArrayList<>();
              for (int i = random.nextInt(12); i >= 0; i--) {
                String account = "account" + random.nextInt(3);
                String id = number + "-" + counter.getAndIncrement();
                Sent command = ledger.sent(number, account, id, random(random));
                command.send(runtime);
                sent.add(command);
              }
              for (Sent command : sent) {
                settle(command, runtime, random.nextBoolean());
              }
            }
          });

      store.close();
      ledger.check(store.inner());
    }

    private void settle(
        Sent command, AggregateRuntime<Command, Account, Event> runtime, boolean again) {
      while (true) {
        try {
          command.settled(command.answer().join());
          return;
        } catch (CompletionException e) {
          command.failed(e.getCause());
          if (!again) {
            return;
          }
          command.send(runtime);
        }
      }
    }
  }
}
