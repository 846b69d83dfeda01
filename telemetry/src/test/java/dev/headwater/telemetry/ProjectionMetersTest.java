package dev.headwater.telemetry;

import static dev.headwater.telemetry.Wallets.commit;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.ParkingLimit;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionMoment.CaughtUp;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.Table;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.telemetry.Wallets.Balances;
import dev.headwater.telemetry.Wallets.Deposited;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProjectionMetersTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EventStore store = TestRedis.newStore();

  @AfterEach
  void close() {
    store.close();
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
}
