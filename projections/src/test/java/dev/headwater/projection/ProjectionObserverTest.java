package dev.headwater.projection;

import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.awaitState;
import static dev.headwater.projection.Fixture.balances;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.ProjectionMoment.AttemptFailed;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionMoment.CaughtUp;
import dev.headwater.projection.ProjectionMoment.LeasesChanged;
import dev.headwater.readmodel.ReadModelDatabase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProjectionObserverTest {
  private final Fixture fixture = new Fixture();
  private final List<ProjectionMoment> moments = new CopyOnWriteArrayList<>();
  private final RunnerSettings observed =
      Fixture.QUICK.withObserver((projection, moment) -> moments.add(moment));
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = ReadModelDatabase.h2InMemory("observer");
    Fixture.migrate(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private <M> List<M> heard(Class<M> kind) {
    return moments.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Nested
  class An_observer {
    @Test
    void hears_of_every_event_that_was_committed_once() {
      fixture.deposit(200);
      try (ProjectionRunner runner =
          fixture.runner(database, observed.withBatchEvents(50), new Balances())) {
        runner.start();
        assertCaughtUp(runner);
      }
      List<BatchCommitted> batches = heard(BatchCommitted.class);
      assertThat(batches).hasSizeGreaterThan(1);
      assertThat(batches.stream().mapToInt(BatchCommitted::events).sum()).isEqualTo(600);
      assertThat(batches.stream().mapToLong(BatchCommitted::advanced).sum()).isEqualTo(600);
      assertThat(batches)
          .allMatch(batch -> batch.fetchNanos() > 0 && batch.applyNanos() > 0)
          .allMatch(batch -> batch.commitNanos() > 0 && batch.from().size() == batch.to().size());
    }

    @Test
    void hears_whether_a_batch_was_of_the_past_or_live() {
      fixture.deposit(10);
      try (ProjectionRunner runner = fixture.runner(database, observed, new Balances())) {
        runner.start();
        awaitState(runner, "balances", ProjectionState.LIVE);
        Fixture.await(() -> !heard(CaughtUp.class).isEmpty());
        fixture.deposit(1);
        assertCaughtUp(runner);
      }
      List<BatchCommitted> batches = heard(BatchCommitted.class);
      assertThat(batches.getFirst().live()).isFalse();
      assertThat(batches.getLast().live()).isTrue();
    }

    @Test
    void hears_why_an_attempt_failed_and_what_is_next() {
      Projection broken =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              on.event(
                  Deposited.class,
                  (event, recorded, rows) -> {
                    throw new IllegalStateException("no such account");
                  });
            }
          };
      RunnerSettings strict = observed.withParking(ParkingLimit.of(0));
      try (ProjectionRunner runner = fixture.runner(database, strict, broken)) {
        runner.start();
        fixture.deposit(1);
        awaitState(runner, "balances", ProjectionState.FAILED);
      }
      assertThat(heard(AttemptFailed.class))
          .singleElement()
          .satisfies(failed -> assertThat(failed.next()).isEqualTo(ProjectionState.FAILED))
          .satisfies(failed -> assertThat(failed.reason()).contains("no such account"));
      assertThat(heard(BatchCommitted.class)).isEmpty();
    }

    @Test
    void hears_which_partitions_come_and_go() {
      try (ProjectionRunner first = fixture.runner(database, observed, new Balances())) {
        first.start();
        Fixture.await(() -> !heard(LeasesChanged.class).isEmpty());
        assertThat(heard(LeasesChanged.class).getFirst().taken())
            .containsExactlyInAnyOrder(0, 1, 2, 3);
        try (ProjectionRunner second = fixture.runner(database, Fixture.QUICK, new Balances())) {
          second.start();
          Fixture.await(() -> heard(LeasesChanged.class).getLast().held().size() == 2);
        }
        Fixture.await(() -> heard(LeasesChanged.class).getLast().held().size() == 4);
      }
      List<LeasesChanged> changes = heard(LeasesChanged.class);
      assertThat(changes.getLast().held()).isEmpty();
      assertThat(changes.stream().mapToInt(change -> change.taken().size()).sum()).isEqualTo(6);
      assertThat(changes.stream().mapToInt(change -> change.left().size()).sum()).isEqualTo(6);
      assertThat(changes).allMatch(change -> change.fenced().isEmpty());
    }

    @Test
    void that_fails_harms_neither_the_projection_nor_the_next_observer() {
      AtomicInteger told = new AtomicInteger();
      ProjectionObserver failing =
          (projection, moment) -> {
            told.incrementAndGet();
            throw new IllegalStateException("observer is broken");
          };
      fixture.deposit(20);
      try (ProjectionRunner runner =
          fixture.runner(
              database,
              Fixture.QUICK.withObserver(failing.and((projection, moment) -> moments.add(moment))),
              new Balances())) {
        runner.start();
        Accounts.append(fixture.store, "alice", deposited("alice", 1));
        assertCaughtUp(runner);
      }
      assertThat(told).hasPositiveValue();
      assertThat(moments).isNotEmpty();
      assertThat(balances(database)).containsKey("alice");
    }
  }
}
