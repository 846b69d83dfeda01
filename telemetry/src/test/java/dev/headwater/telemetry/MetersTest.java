package dev.headwater.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.event.Metadata;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.ParkedCount;
import dev.headwater.projection.ParkingLimit;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionMoment.CaughtUp;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionState;
import dev.headwater.projection.ProjectionStatus;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.Table;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.OverloadedException;
import dev.headwater.telemetry.Wallets.Balances;
import dev.headwater.telemetry.Wallets.Deposit;
import dev.headwater.telemetry.Wallets.Deposited;
import dev.headwater.telemetry.Wallets.WalletCommand;
import dev.headwater.telemetry.Wallets.WalletEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MetersTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EventStore store = new MeteredEventStore(TestRedis.newStore(), registry);

  @AfterEach
  void close() {
    store.close();
  }

  private long appends(String outcome) {
    var timer = registry.find("headwater.append").tag("outcome", outcome).timer();
    return timer == null ? 0 : timer.count();
  }

  private static Commit commit(String id, ExpectedVersion expected, long... amounts) {
    return new Commit(
        id,
        new StreamId(Wallets.TYPE, "anna"),
        expected,
        Metadata.at(Instant.now()),
        Arrays.stream(amounts)
            .mapToObj(amount -> Wallets.CODEC.encode(new Deposited(amount)))
            .toList());
  }

  @Nested
  class Appends {
    @Test
    void are_timed_by_what_came_of_them_and_their_events_are_counted_once() {
      store.appendAndWait(commit("c1", ExpectedVersion.noStream(), 1, 2, 3));
      store.appendAndWait(commit("c1", ExpectedVersion.noStream(), 1, 2, 3));
      store.appendAndWait(commit("c2", ExpectedVersion.noStream(), 4));
      store.appendAndWait(commit("c3", ExpectedVersion.exactly(9), 4));
      // No replica is there to receive it.
      AppendResult alone =
          store.appendAndWait(
              commit("c4", ExpectedVersion.exactly(3), 5), Durability.replicated(1));

      assertThat(alone).isInstanceOf(AppendResult.NotDurable.class);
      assertThat(appends("appended")).isEqualTo(1);
      assertThat(appends("duplicate")).isEqualTo(1);
      assertThat(appends("conflict")).isEqualTo(1);
      assertThat(appends("store_behind")).isEqualTo(1);
      assertThat(appends("not_durable")).isEqualTo(1);
      assertThat(registry.get("headwater.append.events").counter().count()).isEqualTo(4);
      assertThat(
              registry
                  .get("headwater.append")
                  .tag("outcome", "appended")
                  .timer()
                  .totalTime(TimeUnit.NANOSECONDS))
          .isPositive();
    }

    @Test
    void that_fail_are_counted_and_fail_as_they_did() {
      store.close();
      assertThatThrownBy(() -> store.appendAndWait(commit("c1", ExpectedVersion.any(), 1)))
          .isInstanceOf(EventStoreException.class);
      assertThat(registry.get("headwater.append").timers())
          .singleElement()
          .satisfies(timer -> assertThat(timer.count()).isEqualTo(1));
    }

    @Test
    void carry_no_id_in_their_tags() {
      store.appendAndWait(commit("c1", ExpectedVersion.any(), 1));
      assertThat(registry.getMeters())
          .flatExtracting(meter -> meter.getId().getTags())
          .extracting(tag -> tag.getValue())
          .doesNotContain("anna", "c1");
    }
  }

  @Nested
  class Commands {
    private final HandleCommands<WalletCommand, WalletEvent> commands =
        new MeteredCommands<>(
            Wallets.TYPE,
            AggregateRuntime.create(
                Wallets.TYPE,
                new Wallets(),
                WalletEvent.class,
                Wallets.CODEC,
                store,
                RuntimeOptions.DEFAULT),
            registry);

    private void send(String id, long amount) {
      commands.handleAndWait("anna", id, Metadata.at(Instant.now()), new Deposit(amount));
    }

    private long answered(String outcome) {
      return registry
          .get("headwater.command")
          .tags("aggregate", "Wallet", "outcome", outcome)
          .timer()
          .count();
    }

    @Test
    void are_timed_by_their_outcome() {
      send("c1", 1);
      send("c2", 2);
      send("c2", 2);
      send("c3", 0);
      send("c4", -1);
      assertThat(answered("accepted")).isEqualTo(2);
      assertThat(answered("already_handled")).isEqualTo(1);
      assertThat(answered("unchanged")).isEqualTo(1);
      assertThat(answered("rejected")).isEqualTo(1);
    }

    @Test
    void that_wait_show_in_a_gauge() {
      CompletableFuture<CommandOutcome<WalletEvent>> answer = new CompletableFuture<>();
      HandleCommands<WalletCommand, WalletEvent> slow =
          new MeteredCommands<>("Slow", (aggregate, id, metadata, command) -> answer, registry);
      var waiting = registry.get("headwater.command.waiting").tag("aggregate", "Slow").gauge();
      var unused = slow.handle("anna", "c1", Metadata.atMicros(0), new Deposit(1));
      assertThat(waiting.value()).isEqualTo(1);
      answer.completeExceptionally(new OverloadedException("too many"));
      assertThat(waiting.value()).isZero();
      assertThat(
              registry
                  .get("headwater.command")
                  .tags("aggregate", "Slow", "outcome", "overloaded")
                  .timer()
                  .count())
          .isEqualTo(1);
    }
  }

  @Nested
  class Projections {
    private final ProjectionMeters meters = new ProjectionMeters(registry);
    private final HikariDataSource database = ReadModelDatabase.h2InMemory("meters");

    @AfterEach
    void close() {
      database.close();
    }

    private ProjectionRunner runner(Projection projection) {
      return runner(projection, RunnerSettings.DEFAULT);
    }

    private ProjectionRunner runner(Projection projection, RunnerSettings settings) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/wallets");
      ProjectionRunner runner =
          new ProjectionRunner(
              store, Wallets.CODEC, database, List.of(projection), settings.withObserver(meters));
      meters.watch(runner);
      return runner;
    }

    private double state(String state) {
      return registry.get("headwater.projection.state").tag("state", state).gauge().value();
    }

    private double leases(String change) {
      return registry
          .get("headwater.projection.leases")
          .tags("projection", "balances", "version", "1", "change", change)
          .counter()
          .count();
    }

    private long count(String timer, String tag, String value) {
      return registry.get(timer).tag(tag, value).timer().count();
    }

    @Test
    void tell_events_stages_state_and_the_time_until_events_are_visible() {
      store.appendAndWait(commit("c1", ExpectedVersion.any(), 1, 2, 3));
      try (ProjectionRunner runner = runner(new Balances())) {
        runner.start();
        Await.until("live", LONG, () -> state("live") == 1);
        store.appendAndWait(commit("c2", ExpectedVersion.any(), 4));
        assertThat(runner.awaitCaughtUp(LONG)).isEqualTo(new Awaited.Reached());
        Await.until(
            "told", LONG, () -> count("headwater.projection.visible", "since", "stored") == 1);
        assertThat(registry.get("headwater.projection.lag.events").gauge().value()).isZero();
        assertThat(registry.get("headwater.projection.lag.time").gauge().value()).isZero();
      }
      assertThat(state("stopped")).isEqualTo(1);
      assertThat(leases("taken")).isEqualTo(4);
      assertThat(leases("left")).isEqualTo(4);
      assertThat(leases("fenced")).isZero();
      assertThat(registry.get("headwater.projection.partitions").gauge().value()).isZero();
      assertThat(
              registry.get("headwater.projection.events").tag("how", "applied").counter().count())
          .isEqualTo(4);
      assertThat(count("headwater.projection.stage", "stage", "apply")).isEqualTo(2);
      assertThat(count("headwater.projection.stage", "stage", "commit")).isEqualTo(2);
      assertThat(count("headwater.projection.stage", "stage", "fetch")).isEqualTo(1);
      assertThat(count("headwater.projection.visible", "since", "occurred")).isEqualTo(1);
      assertThat(
              registry
                  .get("headwater.projection.visible")
                  .tag("since", "occurred")
                  .timer()
                  .max(TimeUnit.SECONDS))
          .isBetween(0.0, 30.0);
      assertThat(registry.get("headwater.projection.batch.events").summary().max()).isEqualTo(3);
    }

    /** Handles nothing. */
    private static final class Broken implements Projection {
      @Override
      public String name() {
        return "broken";
      }

      @Override
      public List<Table> tables() {
        return new Balances().tables();
      }

      @Override
      public void define(EventHandlers on) {
        on.event(
            Deposited.class,
            (event, recorded, rows) -> {
              throw new IllegalStateException("broken");
            });
      }
    }

    @Test
    void count_attempts_that_fail() {
      RunnerSettings strict = RunnerSettings.DEFAULT.withParking(ParkingLimit.of(0));
      try (ProjectionRunner runner = runner(new Broken(), strict)) {
        runner.start();
        store.appendAndWait(commit("c1", ExpectedVersion.any(), 1));
        Await.until("failed", LONG, () -> state("failed") == 1);
        Await.until(
            "lag",
            LONG,
            () -> registry.get("headwater.projection.lag.events").gauge().value() == 1);
        assertThat(
                registry
                    .get("headwater.projection.failures")
                    .tag("next", "failed")
                    .counter()
                    .count())
            .isEqualTo(1);
      }
    }

    @Test
    void tell_how_many_aggregates_are_parked() {
      try (ProjectionRunner runner = runner(new Broken())) {
        runner.start();
        store.appendAndWait(commit("c1", ExpectedVersion.any(), 1));
        Await.until(
            "parked", LONG, () -> registry.get("headwater.projection.parked").gauge().value() == 1);
      }
    }
  }

  @Nested
  class The_lag_in_time {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-02T10:00:00Z"));
    private final LagClock lag = new LagClock(clock);

    private double lag(long behind) {
      lag.holds(Set.of(0));
      return lag.seconds(Statuses.behind("balances", behind));
    }

    private static Position storedAt(String instant) {
      return new Position(0, 1, 5, Instant.parse(instant).toEpochMilli() + "-0");
    }

    @Test
    void is_zero_while_nothing_waits() {
      clock.advance(Duration.ofHours(1));
      assertThat(lag(0)).isZero();
    }

    @Test
    void is_counted_from_the_store_s_time_of_the_event_before() {
      lag.applied(List.of(storedAt("2026-03-02T09:00:00Z")));
      assertThat(lag(3)).isEqualTo(3_600);
    }

    @Test
    void of_an_idle_store_is_counted_from_when_all_was_applied() {
      lag.applied(List.of(storedAt("2026-03-02T09:00:00Z")));
      clock.advance(Duration.ofHours(2));
      lag.caughtUp();
      clock.advance(Duration.ofSeconds(3));
      assertThat(lag(1)).isEqualTo(3);
    }

    @Test
    void of_a_store_whose_ids_are_no_times_is_counted_from_the_beginning_of_the_watch() {
      lag.applied(List.of(new Position(0, 1, 5, "5-0")));
      clock.advance(Duration.ofSeconds(7));
      assertThat(lag(1)).isEqualTo(7);
    }
  }

  @Nested
  class An_event_of_long_ago {
    @Test
    void that_is_imported_now_does_not_count_as_slow() {
      SettableClock clock = new SettableClock(Instant.parse("2026-03-02T10:00:00Z"));
      ProjectionMeters meters = new ProjectionMeters(registry, clock);
      Commit past =
          new Commit(
              "c1",
              new StreamId(Wallets.TYPE, "anna"),
              ExpectedVersion.any(),
              Metadata.at(Instant.parse("2012-06-21T10:00:00Z")),
              List.of(Wallets.CODEC.encode(new Deposited(1))));
      store.appendAndWait(past);
      BatchCommitted batch = Batches.live(store, store.partitionCount());
      meters.observe(new Balances(), batch);
      meters.observe(new Balances(), new CaughtUp());
      assertThat(
              registry.get("headwater.projection.visible").tag("since", "occurred").timer().count())
          .isZero();
    }
  }

  /** A clock that stands. */
  static final class SettableClock extends Clock {
    private Instant now;

    SettableClock(Instant now) {
      this.now = now;
    }

    void advance(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** Statuses of a projection on one partition. */
  private static final class Statuses {
    static ProjectionStatus behind(String projection, long events) {
      return new ProjectionStatus(
          projection,
          1,
          ProjectionState.LIVE,
          List.of(new ProjectionStatus.Partition(0, 5, 5 + events, true)),
          0,
          new ParkedCount(0, 0),
          null);
    }
  }
}
