package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.CopyCommand;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.docs.TutorialTest.Loans;
import dev.headwater.event.Metadata;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.store.EventStore;
import dev.headwater.telemetry.MeteredCommands;
import dev.headwater.telemetry.MeteredEventStore;
import dev.headwater.telemetry.ProjectionMeters;
import dev.headwater.telemetry.ProjectionTraces;
import dev.headwater.telemetry.TracedCommands;
import dev.headwater.telemetry.TracedEventStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The code of the page on telemetry. */
class WatchItTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");

  private final EventStore store = new InMemoryEventStore();
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = ReadModelDatabase.h2InMemory("watch-it");
    Migrations.framework(database);
    Migrations.application(database, "classpath:db/library");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static AggregateRuntime<CopyCommand, ?, CopyEvent> runtime(EventStore store) {
    return AggregateRuntime.create(
        "Copy", new Copies(), CopyEvent.class, TutorialTest.CODEC, store, RuntimeOptions.DEFAULT);
  }

  private static void lend(HandleCommands<CopyCommand, CopyEvent> copies) {
    copies.handleAndWait("moby-dick-1", "command-1", Metadata.at(MONDAY), new Lend("anna", MONDAY));
  }

  private static void assertCaughtUp(ProjectionRunner runner) {
    assertThat(runner.awaitCaughtUp(Duration.ofSeconds(10))).isEqualTo(new Awaited.Reached());
  }

  @Test
  void metrics() {
    MeterRegistry registry = new SimpleMeterRegistry();
    // tag::metrics
    EventStore measuredStore = new MeteredEventStore(store, registry);
    HandleCommands<CopyCommand, CopyEvent> measured =
        new MeteredCommands<>("Copy", runtime(measuredStore), registry);

    ProjectionMeters meters = new ProjectionMeters(registry);
    ProjectionRunner runner =
        new ProjectionRunner(
            measuredStore,
            TutorialTest.CODEC,
            database,
            List.of(new Loans()),
            RunnerSettings.DEFAULT.withObserver(meters));
    meters.watch(runner);
    // end::metrics
    try (runner) {
      runner.start();
      lend(measured);
      assertCaughtUp(runner);
      assertThat(registry.get("headwater.command").timer().count()).isEqualTo(1);
      assertThat(registry.get("headwater.append.events").counter().count()).isEqualTo(1);
      assertThat(registry.get("headwater.projection.lag.events").gauge().value()).isZero();
    }
  }

  @Test
  void traces() {
    OpenTelemetry telemetry = OpenTelemetry.noop();
    // tag::traces
    EventStore tracedStore = new TracedEventStore(store, telemetry);
    HandleCommands<CopyCommand, CopyEvent> traced =
        new TracedCommands<>("Copy", runtime(tracedStore), telemetry);

    ProjectionRunner runner =
        new ProjectionRunner(
            tracedStore,
            TutorialTest.CODEC,
            database,
            List.of(new Loans()),
            RunnerSettings.DEFAULT.withObserver(new ProjectionTraces(telemetry)));
    // end::traces
    try (runner) {
      runner.start();
      lend(traced);
      assertCaughtUp(runner);
    }
  }
}
