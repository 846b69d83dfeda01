package dev.headwater.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateHistory;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.aggregate.Versioned;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.Copy;
import dev.headwater.docs.TutorialTest.CopyCommand;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.docs.TutorialTest.Loans;
import dev.headwater.docs.TutorialTest.Renew;
import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.ParkedAggregate;
import dev.headwater.projection.ParkedAggregates;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.Retried;
import dev.headwater.projection.Skipped;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.StoreCheck;
import dev.headwater.redis.check.CheckReport;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the how-to pages. */
class HowToTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant LATER = Instant.parse("2026-03-30T10:00:00Z");

  private final EventStore store = new InMemoryEventStore();
  private final AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
      AggregateRuntime.create(
          "Copy", new Copies(), CopyEvent.class, TutorialTest.CODEC, store, RuntimeOptions.DEFAULT);

  private void lendAndRenew() {
    copies.handleAndWait(
        "moby-dick-1",
        "command-1",
        Metadata.at(MONDAY).withActor("librarian"),
        new Lend("anna", MONDAY));
    copies.handleAndWait(
        "moby-dick-1", "command-2", Metadata.at(LATER).withActor("anna"), new Renew(LATER));
  }

  @Test
  void own_redis(@TempDir Path folder) {
    try (RedisServer server = RedisServer.start(RedisServerOptions.in(folder))) {
      String uri = server.uri();
      // tag::own-redis
      RedisStoreOptions options =
          RedisStoreOptions.at(uri)
              .withNamespace("library")
              .withPartitions(16); // fixed when the store is created
      try (EventStore store = RedisEventStore.connect(options)) {
        assertThat(store.partitionCount()).isEqualTo(16);
      }
      // end::own-redis
      // tag::check
      CheckReport report = StoreCheck.run(options, finding -> System.out.println(finding));
      System.out.println(
          report.events()
              + " events in "
              + report.streams()
              + " streams, "
              + report.findings()
              + " findings");
      // end::check
      assertThat(report.isConsistent()).isTrue();
      try (EventStore again = RedisEventStore.connect(options.withPartitions(4))) {
        assertThat(again.partitionCount()).isEqualTo(16);
      }
      assertThat(options.toString()).isEqualTo("store library at 127.0.0.1:" + server.port());
    }
  }

  @Test
  void replay() {
    lendAndRenew();
    try (HikariDataSource database = ReadModelDatabase.h2InMemory("how-to")) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/library");
      try (ProjectionRunner runner =
          new ProjectionRunner(store, TutorialTest.CODEC, database, List.of(new Loans()))) {
        List<String> shown = new ArrayList<>();
        runner.start();
        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(10))).isEqualTo(new Awaited.Reached());
        // tag::replay
        Awaited outcome =
            runner.replay(
                Set.of("loans"),
                progress -> shown.add(progress.applied() + " of " + progress.total() + " events"));
        // end::replay
        assertThat(outcome).isEqualTo(new Awaited.Reached());
        assertThat(shown).last().isEqualTo("2 of 2 events");
      }
    }
  }

  @Test
  void parked() {
    lendAndRenew();
    StreamId copy = new StreamId("Copy", "moby-dick-1");
    store.appendAndWait(
        new Commit(
            "stocktaking-1",
            copy,
            ExpectedVersion.any(),
            Metadata.at(LATER),
            List.of(new NewEvent(new EventType("CopyCounted", 1), "{}".getBytes(UTF_8)))));
    try (HikariDataSource database = ReadModelDatabase.h2InMemory("parked")) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/library");
      try (ProjectionRunner runner =
          new ProjectionRunner(store, TutorialTest.CODEC, database, List.of(new Loans()))) {
        runner.start();
        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(10))).isEqualTo(new Awaited.Reached());
        // tag::parked
        ParkedAggregates parked =
            new ParkedAggregates(store, TutorialTest.CODEC, database, List.of(new Loans()));
        for (ParkedAggregate aggregate : parked.list()) {
          System.out.println(aggregate.stream() + ": " + aggregate.error());
        }

        switch (parked.retry("loans", copy, "librarian")) {
          case Retried.Applied applied -> System.out.println(applied.events() + " events applied");
          case Retried.StillParked still -> System.out.println(still.aggregate().error());
          case Retried.NotParked notParked -> System.out.println("somebody was faster");
        }

        Skipped skipped = parked.skip("loans", copy, 3, "librarian", "loans don't count copies");
        // end::parked
        assertThat(skipped)
            .isEqualTo(
                new Skipped.Recorded(new EventType("CopyCounted", 1), new Retried.Applied(0)));
        assertThat(parked.list()).isEmpty();
        assertThat(parked.decisions("loans", copy)).hasSize(3);
      }
    }
  }

  @Test
  void history() {
    lendAndRenew();
    // tag::history
    for (RecordedEvent event : store.readAll(new StreamId("Copy", "moby-dick-1"), 1).toList()) {
      Metadata metadata = event.metadata();
      System.out.println(
          event.version() + " " + metadata.time() + " " + metadata.actor() + " " + event.type());
    }

    AggregateHistory<Copy, CopyEvent> history = copies.history();
    Versioned<Copy> now = history.latest("moby-dick-1");
    Versioned<Copy> first = history.atVersion("moby-dick-1", 1);
    Versioned<Copy> then = history.at("moby-dick-1", Instant.parse("2026-03-10T00:00:00Z"));
    // end::history
    assertThat(now.version()).isEqualTo(2);
    assertThat(first.state()).isEqualTo(new Copy(new TutorialTest.Loan("anna", LATER, 0)));
    assertThat(then).isEqualTo(first);
  }
}
