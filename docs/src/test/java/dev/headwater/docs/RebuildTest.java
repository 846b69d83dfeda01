package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.event.Metadata;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.Comparison;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionId;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionVersions;
import dev.headwater.projection.SwitchResult;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.Table;
import dev.headwater.store.EventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The code of the page on rebuilding without downtime. */
class RebuildTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The tutorial's projection with migrations of its own. */
  private static final class Loans implements Projection {
    private final Projection tutorial = new TutorialTest.Loans();

    @Override
    public String name() {
      return tutorial.name();
    }

    // tag::migrations
    @Override
    public List<String> migrations() {
      return List.of("classpath:db/library");
    }

    // end::migrations

    @Override
    public List<Table> tables() {
      return tutorial.tables();
    }

    @Override
    public void define(EventHandlers on) {
      tutorial.define(on);
    }
  }

  @Test
  void a_version_is_built_compared_switched_to_rolled_back_and_dropped() {
    EventStore store = new InMemoryEventStore();
    AggregateRuntime.create(
            "Copy",
            new Copies(),
            CopyEvent.class,
            TutorialTest.CODEC,
            store,
            RuntimeOptions.DEFAULT)
        .handleAndWait("moby-dick-1", "command-1", Metadata.at(MONDAY), new Lend("anna", MONDAY));
    try (HikariDataSource database = ReadModelDatabase.h2InMemory("rebuild")) {
      // tag::prepare
      Migrations.framework(database);
      ProjectionVersions versions =
          new ProjectionVersions(store, TutorialTest.CODEC, database, List.of(new Loans()));
      ProjectionRunner runner = versions.runner();
      runner.start();
      // end::prepare
      assertThat(runner.awaitCaughtUp(PATIENCE)).isEqualTo(new Awaited.Reached());
      ProjectionId made =
          // tag::begin
          versions.rebuild("loans");
      // end::begin
      List<String> shown = new ArrayList<>();
      try (runner) {
        // tag::steps
        runner.catchUp(
            Set.of("loans@2"),
            progress -> shown.add(progress.applied() + " of " + progress.total() + " events"));

        Comparison comparison = versions.compare(made, PATIENCE, 10);
        boolean same = comparison.isSame();

        SwitchResult result = versions.switchTo(made, PATIENCE);
        // end::steps
        assertThat(shown).last().isEqualTo("1 of 1 events");
        assertThat(same).isTrue();
        ProjectionId old = new ProjectionId("loans", 1);
        assertThat(result).isEqualTo(new SwitchResult.Switched(old, made));
        versions.rollBack("loans", PATIENCE);
        versions.switchTo(made, PATIENCE);
        versions.drop(old);
        assertThat(versions.list()).hasSize(1);
      }
    }
  }
}
