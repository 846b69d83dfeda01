package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.headwater.event.StreamId;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import dev.headwater.store.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The permissions that the page about one's own Redis lists are enough. */
class AclTest {
  private static final Metadata METADATA = Metadata.at(Instant.parse("2026-03-02T10:00:00Z"));

  /** The line on the page, without the word {@code user}. */
  private static String rules() {
    MarkdownFile page =
        MarkdownFile.read(MarkdownFile.repository().resolve("docs/how-to/own-redis.md"));
    String line =
        page.blocks().stream()
            .filter(block -> block.language().equals("acl"))
            .map(MarkdownFile.Block::text)
            .findAny()
            .orElseThrow();
    assertThat(line).startsWith("user library ");
    return line.substring("user ".length());
  }

  private static RedisStoreOptions options(RedisServer server, String namespace) {
    return RedisStoreOptions.at("redis://library:change-me@127.0.0.1:" + server.port())
        .withNamespace(namespace);
  }

  @Test
  void an_application_and_its_projections_work_with_these_permissions(@TempDir Path folder) {
    try (RedisServer server =
            RedisServer.start(
                RedisServerOptions.in(folder)
                    .withFsync(Fsync.ALWAYS)
                    .withSetting("user", rules()));
        RedisEventStore store = RedisEventStore.connect(options(server, "library"));
        HikariDataSource database = ReadModelDatabase.h2InMemory("acl")) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/library");
      append(store, ExpectedVersion.any(), "any-1");
      appendAgain(store);
      keepSnapshot(store);
      try (ProjectionRunner runner =
          new ProjectionRunner(store, TutorialTest.CODEC, database, List.of(new Loans()))) {
        runner.start();
        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(20))).isEqualTo(new Awaited.Reached());
        lend(store); // while the projection waits as a member of its group
        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(20))).isEqualTo(new Awaited.Reached());
      }
      assertThat(store.appendAndWait(commit(ExpectedVersion.any(), "durable"), Durability.local()))
          .isInstanceOf(Appended.class);
      assertThat(store.readBackward(new StreamId("Copy", "emma-1"))).hasSize(1);
    }
  }

  private static void lend(EventStore store) {
    AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
        AggregateRuntime.create(
            "Copy",
            new Copies(),
            CopyEvent.class,
            TutorialTest.CODEC,
            store,
            RuntimeOptions.DEFAULT);
    copies.handleAndWait("emma-1", "command-1", METADATA, new Lend("anna", Instant.EPOCH));
  }

  private static void appendAgain(EventStore store) {
    Commit second = commit(ExpectedVersion.exactly(1), "second");
    assertThat(store.appendAndWait(second)).isInstanceOf(Appended.class);
    assertThat(store.appendAndWait(second))
        .isInstanceOfSatisfying(
            Appended.class, again -> assertThat(again.receipt().duplicate()).isTrue());
    assertThat(store.appendAndWait(commit(ExpectedVersion.exactly(1), "third")))
        .isInstanceOf(Conflict.class);
  }

  private static void keepSnapshot(RedisEventStore store) {
    StreamId stream = new StreamId("Other", "1");
    assertThat(store.saveSnapshot(stream, new Snapshot(2, "second", "Other#1", new byte[1])))
        .isTrue();
    assertThat(store.loadFromSnapshot(stream, "Other#1")).isInstanceOf(FromSnapshot.class);
  }

  private static void append(EventStore store, ExpectedVersion expected, String id) {
    assertThat(store.appendAndWait(commit(expected, id))).isInstanceOf(Appended.class);
  }

  private static Commit commit(ExpectedVersion expected, String id) {
    CopyEvent event = new TutorialTest.CopyReturned("ben", 0);
    return new Commit(
        id,
        new StreamId("Other", "1"),
        expected,
        METADATA,
        List.of(TutorialTest.CODEC.encode(event)));
  }

  @Test
  void another_namespace_is_refused_with_advice(@TempDir Path folder) {
    try (RedisServer server =
        RedisServer.start(RedisServerOptions.in(folder).withSetting("user", rules()))) {
      assertThatThrownBy(() -> RedisEventStore.connect(options(server, "other")))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("NOPERM")
          .hasMessageContaining("permission")
          .hasMessageNotContaining("change-me");
    }
  }
}
