package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.Copy;
import dev.headwater.docs.TutorialTest.CopyCommand;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.docs.TutorialTest.Loans;
import dev.headwater.event.Metadata;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.AwaitProjection;
import dev.headwater.projection.ProjectionId;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionWatch;
import dev.headwater.projection.ReadYourWrites;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.projection.Shown;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.store.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the page on several instances. */
class InstancesDocsTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");

  private final EventStore store = new InMemoryEventStore();
  private final AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
      AggregateRuntime.create(
          "Copy", new Copies(), CopyEvent.class, TutorialTest.CODEC, store, RuntimeOptions.DEFAULT);

  @Test
  void a_command_waits_for_the_read_model() {
    try (HikariDataSource database = ReadModelDatabase.h2InMemory("instances")) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/library");
      // tag::settings
      RunnerSettings settings =
          RunnerSettings.DEFAULT.withLease(Duration.ofSeconds(5), Duration.ofSeconds(1));
      ProjectionRunner runner =
          new ProjectionRunner(store, TutorialTest.CODEC, database, List.of(new Loans()), settings);
      // end::settings
      try (runner) {
        runner.start();
        assertThat(lend(runner)).isEqualTo("shown");
      }
      // tag::watch
      AwaitProjection projections =
          new ProjectionWatch(store, database, List.of(ProjectionId.of(new Loans())));
      // end::watch
      assertThat(lend(projections)).isEqualTo("shown");
    }
  }

  private String lend(AwaitProjection projections) {
    // tag::send
    ReadYourWrites<CopyCommand, CopyEvent> writes =
        new ReadYourWrites<>(copies, store, projections);
    Shown<CopyEvent> outcome =
        writes.handle(
            "moby-dick-1",
            "command-1",
            Metadata.at(MONDAY),
            new Lend("anna", MONDAY),
            "loans",
            Duration.ofSeconds(5));
    return switch (outcome) {
      case Shown.Yes<CopyEvent>(var command) -> "shown";
      case Shown.NotYet<CopyEvent>(var command, var status) -> "stored, shown later";
      case Shown.NotNow<CopyEvent>(var command, var status) -> "stored; " + status.lastError();
      case Shown.Nothing<CopyEvent>(var rejected) -> rejected.message();
    };
    // end::send
  }
}
