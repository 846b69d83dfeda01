package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.NotDurable;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.Copy;
import dev.headwater.docs.TutorialTest.CopyCommand;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page about choosing a level of durability. */
class DurabilityDocsTest {
  private static final Metadata METADATA = Metadata.at(Instant.parse("2026-03-02T10:00:00Z"));

  @Test
  void a_level_for_a_store_for_commands_and_for_one_append(@TempDir Path folder) {
    Commit commit =
        new Commit(
            "import-1",
            new StreamId("Other", "1"),
            ExpectedVersion.noStream(),
            METADATA,
            List.of(TutorialTest.CODEC.encode(new TutorialTest.CopyReturned("ben", 0))));
    try (RedisServer server =
        RedisServer.start(RedisServerOptions.in(folder).withFsync(Fsync.ALWAYS))) {
      String uri = server.uri();
      // tag::levels
      RedisStoreOptions options = RedisStoreOptions.at(uri).withDurability(Durability.local());
      try (EventStore store = RedisEventStore.connect(options)) {
        // The commands to one type of aggregate, at a level of their own:
        AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
            AggregateRuntime.create(
                "Copy",
                new Copies(),
                CopyEvent.class,
                TutorialTest.CODEC,
                store,
                RuntimeOptions.DEFAULT.withDurability(Durability.replicated(1)));
        // One append:
        AppendResult result = store.appendAndWait(commit, Durability.memory());
        // end::levels
        assertThat(result)
            .isInstanceOfSatisfying(
                AppendResult.Appended.class,
                appended ->
                    assertThat(appended.receipt().durability()).isEqualTo(Durability.memory()));
        assertThat(answer(copies)).startsWith("stored, but 0 of 1 replicas of store headwater at");
      }
    }
  }

  private static String answer(AggregateRuntime<CopyCommand, Copy, CopyEvent> copies) {
    // tag::outcome
    CommandOutcome<CopyEvent> outcome =
        copies.handleAndWait(
            "emma-1",
            "command-1",
            METADATA,
            new Lend("anna", Instant.EPOCH.plus(Duration.ofDays(1))));
    return switch (outcome) {
      case Accepted<CopyEvent> a -> "stored, " + a.receipt().durability();
      case NotDurable<CopyEvent> n -> "stored, but " + n.reason();
      case AlreadyHandled<CopyEvent> h -> "stored before, and durable";
      default -> "nothing stored";
    };
    // end::outcome
  }
}
