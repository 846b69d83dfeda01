package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.aggregate.SnapshotPolicy;
import dev.headwater.aggregate.Snapshots;
import dev.headwater.aggregate.Versioned;
import dev.headwater.codec.StateCodec;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.Copy;
import dev.headwater.docs.TutorialTest.CopyCommand;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.docs.TutorialTest.Loan;
import dev.headwater.docs.TutorialTest.TakeBack;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page about snapshots. */
class SnapshotsTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
  private static final Metadata METADATA = Metadata.at(MONDAY);

  @Test
  void an_aggregate_is_loaded_from_its_snapshot(@TempDir Path folder) throws Exception {
    try (RedisServer server = RedisServer.start(RedisServerOptions.in(folder));
        RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(server.uri()))) {
      // tag::snapshots
      Snapshots<Copy> snapshots =
          new Snapshots<>(
              store,
              StateCodec.json("Copy", 1, Copy.class),
              SnapshotPolicy.every(100).or(SnapshotPolicy.whenReplayTakes(Duration.ofMillis(20))));
      AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
          AggregateRuntime.create(
              "Copy",
              new Copies(),
              CopyEvent.class,
              TutorialTest.CODEC,
              store,
              RuntimeOptions.DEFAULT,
              snapshots);
      // end::snapshots
      for (int i = 0; i < 50; i++) {
        copies.handleAndWait("emma-1", "lend-" + i, METADATA, new Lend("anna", MONDAY));
        copies.handleAndWait("emma-1", "return-" + i, METADATA, new TakeBack(MONDAY));
      }
      awaitSnapshot(store);
      assertThat(copies.history().latest("emma-1"))
          .isEqualTo(new Versioned<>(100, new Copy(null)))
          .isEqualTo(copies.history().atVersion("emma-1", 100));
    }
  }

  private static void awaitSnapshot(RedisEventStore store) throws InterruptedException {
    StreamId stream = new StreamId("Copy", "emma-1");
    for (int i = 0;
        i < 1_000 && !(store.loadFromSnapshot(stream, "Copy#1") instanceof FromSnapshot);
        i++) {
      Thread.sleep(10);
    }
    assertThat(store.loadFromSnapshot(stream, "Copy#1")).isInstanceOf(FromSnapshot.class);
  }

  @Test
  void a_new_shape_has_a_new_revision() {
    // tag::revision
    StateCodec<Copy> codec = StateCodec.json("Copy", 2, Copy.class); // was 1
    // end::revision
    assertThat(codec.schema()).isEqualTo("Copy#2");
  }

  @Test
  void a_state_survives_its_codec() {
    // tag::round-trip
    StateCodec<Copy> codec = StateCodec.json("Copy", 1, Copy.class);
    Copy lent = new Copy(new Loan("anna", MONDAY, 0));
    assertThat(codec.decode(codec.encode(lent))).isEqualTo(lent);
    // end::round-trip
  }
}
