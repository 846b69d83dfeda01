package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.awaitState;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Accounts.AccountEvent;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.Accounts.Ledger;
import dev.headwater.projection.Accounts.Renamed;
import dev.headwater.projection.Accounts.Withdrawn;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.SubscribeToPartitions;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  /** Deposits; there are half as many withdrawals. */
  private static final int DEPOSITS = 12_000;

  private static final RunnerSettings SETTINGS = Fixture.QUICK.withBatchEvents(6_000);

  private final Counted store = new Counted(new InMemoryEventStore(4), new AtomicLong());
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = ReadModelDatabase.h2InMemory("catch-up");
    Fixture.migrate(database);
    for (int i = 0; i < DEPOSITS; i += 10) {
      AccountEvent[] commit = new AccountEvent[15];
      String account = "a" + i % 70;
      for (int k = 0; k < commit.length; k++) {
        commit[k] = k < 10 ? Accounts.deposited(account, 1) : Accounts.withdrawn(account, 1);
      }
      Accounts.append(store.store, account, commit);
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private ProjectionRunner runner(Projection... projections) {
    return new ProjectionRunner(store, Accounts.CODEC, database, List.of(projections), SETTINGS);
  }

  /** Does something before each deposit is handled. */
  private static Projection before(Projection projection, EventHandler<Deposited> first) {
    return new Projection() {
      @Override
      public String name() {
        return projection.name();
      }

      @Override
      public List<dev.headwater.readmodel.Table> tables() {
        return projection.tables();
      }

      @Override
      public void define(EventHandlers on) {
        EventHandlers inner = new EventHandlers();
        projection.define(inner);
        inner.defined().forEach((type, handler) -> redefine(on, type, handler));
      }

      @SuppressWarnings("unchecked") // the key is the class that the handler takes
      private <E> void redefine(EventHandlers on, Class<E> type, EventHandler<?> handler) {
        on.event(
            type,
            (event, recorded, rows) -> {
              if (event instanceof Deposited deposited) {
                first.handle(deposited, recorded, rows);
              }
              ((EventHandler<E>) handler).handle(event, recorded, rows);
            });
      }
    };
  }

  private void assertComplete() {
    assertThat(number(database, "SELECT COUNT(*) FROM ledger")).isEqualTo(DEPOSITS);
    assertThat(number(database, "SELECT SUM(movements) FROM account_balance"))
        .isEqualTo(DEPOSITS + DEPOSITS / 2);
    assertThat(number(database, "SELECT SUM(balance) FROM account_balance"))
        .isEqualTo(DEPOSITS / 2);
  }

  @Nested
  class Projections_that_start_behind_a_long_history {
    @Test
    void read_it_once_together() {
      CountDownLatch both = new CountDownLatch(2);
      EventHandler<Deposited> meet =
          (event, recorded, rows) -> {
            both.countDown();
            assertThat(both.await(LONG.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
          };
      AtomicBoolean balances = new AtomicBoolean();
      AtomicBoolean ledger = new AtomicBoolean();
      try (ProjectionRunner runner =
          runner(
              before(new Balances(), once(balances, meet)),
              before(new Ledger(), once(ledger, meet)))) {
        runner.start();
        assertCaughtUp(runner);
      }
      assertComplete();
      assertThat(store.delivered.get()).isEqualTo(DEPOSITS + DEPOSITS / 2);
    }

    private EventHandler<Deposited> once(AtomicBoolean done, EventHandler<Deposited> first) {
      return (event, recorded, rows) -> {
        if (done.compareAndSet(false, true)) {
          first.handle(event, recorded, rows);
        }
      };
    }

    @Test
    void do_not_wait_for_one_that_fails() {
      AtomicBoolean mended = new AtomicBoolean();
      try (ProjectionRunner runner =
          runner(
              before(
                  new Balances(),
                  (event, recorded, rows) -> {
                    if (!mended.get()) {
                      throw new SQLTransientException("busy");
                    }
                  }),
              new Ledger())) {
        runner.start();
        awaitState(runner, "balances", ProjectionState.RETRYING);
        Fixture.await(() -> runner.status("ledger").lag() == 0);
        assertThat(runner.status("balances").applied()).isZero();
        mended.set(true);
        assertCaughtUp(runner);
      }
      assertComplete();
    }

    @Test
    void are_not_parked_for_events_that_only_others_handle() {
      try (ProjectionRunner runner = runner(refusingWithdrawals(), new Ledger())) {
        runner.start();
        assertCaughtUp(runner);
        assertThat(runner.status("balances").parked().aggregates()).isEqualTo(7);
        assertThat(runner.status("ledger").parked()).isEqualTo(ParkedCount.NONE);
      }
      assertThat(number(database, "SELECT COUNT(*) FROM ledger")).isEqualTo(DEPOSITS);
    }

    private Projection refusingWithdrawals() {
      return new Balances() {
        @Override
        public void define(EventHandlers on) {
          on.event(
              Withdrawn.class,
              (event, recorded, rows) -> {
                throw new IllegalStateException("refused");
              });
        }
      };
    }
  }

  @Nested
  class A_projection_that_catches_up_alone {
    @Test
    void reads_only_what_it_handles() {
      try (ProjectionRunner runner = runner(new Balances(), new Ledger())) {
        runner.start();
        assertCaughtUp(runner);
        awaitState(runner, "balances", ProjectionState.LIVE);
        store.delivered.set(0);
        assertThat(runner.replay(Set.of("ledger"), progress -> {}))
            .isEqualTo(new Awaited.Reached());
      }
      assertComplete();
      assertThat(store.delivered.get()).isEqualTo(DEPOSITS);
    }
  }

  @Nested
  class A_catch_up {
    private final Map<Integer, Position> start = new TreeMap<>();
    private final Gatherer gatherer =
        new Gatherer(heads(), Accounts.CODEC, Fixture.QUICK.withBatchEvents(100));

    private Heads heads() {
      Heads heads = new Heads(store);
      for (Position head : heads.refresh()) {
        start.put(head.partition(), Position.start(head.partition(), head.epoch()));
      }
      return heads;
    }

    private CatchUp catchUp() {
      CatchUp catchUp =
          new CatchUp(
              Set.of(new ProjectionId("one", 1)),
              from ->
                  store.subscribe(
                      new SubscriptionSpec(
                          "one", "test", List.copyOf(from.values()), type -> true, 100)),
              gatherer);
      catchUp.join(() -> false);
      return catchUp;
    }

    private Map<Integer, Position> behind(CatchUp catchUp, Map<Integer, Position> positions)
        throws Exception {
      return catchUp.behind(positions).get().reached();
    }

    @Test
    void has_the_latest_batches_for_those_who_come_later() throws Exception {
      CatchUp catchUp = catchUp();
      List<Map<Integer, Position>> places = new ArrayList<>(List.of(start));
      for (int i = 0; i < 4; i++) {
        places.add(behind(catchUp, places.getLast()));
      }
      long read = store.delivered.get();
      assertThat(catchUp.behind(places.get(0))).as("too far behind").isNull();
      for (int i = 1; i < 4; i++) {
        assertThat(behind(catchUp, places.get(i))).isEqualTo(places.get(i + 1));
      }
      assertThat(store.delivered.get()).isEqualTo(read);
      catchUp.close();
    }

    @Test
    void has_nothing_behind_places_where_nobody_was() throws Exception {
      CatchUp catchUp = catchUp();
      Map<Integer, Position> first = behind(catchUp, start);
      Map<Integer, Position> other = new HashMap<>(first);
      other.put(0, new Position(0, start.get(0).epoch(), 7, "7-0"));
      assertThat(catchUp.behind(other)).isNull();
      catchUp.close();
    }

    @Test
    void has_nothing_more_after_a_failure() {
      CatchUp catchUp =
          new CatchUp(
              Set.of(new ProjectionId("one", 1)),
              from -> {
                throw new StoreUnavailableException("gone", null);
              },
              gatherer);
      Future<Gathered> failed = catchUp.behind(start);
      org.assertj.core.api.Assertions.assertThatThrownBy(failed::get).hasMessageContaining("gone");
      catchUp.close();
    }

    @Test
    void decodes_ahead_what_can_be_decoded() throws Exception {
      CatchUp catchUp = catchUp();
      Accounts.append(store.store, "b", new Renamed("b", "c"));
      assertThat(catchUp.behind(start).get().events())
          .isNotEmpty()
          .allMatch(event -> event.payload() instanceof AccountEvent);
      catchUp.close();
    }
  }

  /** Counts the events that are delivered. */
  private record Counted(InMemoryEventStore store, AtomicLong delivered)
      implements ReadPartitions, SubscribeToPartitions {
    @Override
    public int partitionCount() {
      return store.partitionCount();
    }

    @Override
    public int partitionOf(StreamId stream) {
      return store.partitionOf(stream);
    }

    @Override
    public Position head(int partition) {
      return store.head(partition);
    }

    @Override
    public Subscription subscribe(SubscriptionSpec spec) {
      Subscription subscription = store.subscribe(spec);
      return new Subscription() {
        @Override
        public List<PartitionBatch> poll(Duration maxWait) {
          List<PartitionBatch> batches = subscription.poll(maxWait);
          batches.forEach(batch -> delivered.addAndGet(batch.events().size()));
          return batches;
        }

        @Override
        public void close() {
          subscription.close();
        }
      };
    }
  }
}
