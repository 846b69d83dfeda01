package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.SnapshotPolicy;
import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An aggregate with a history that no memory holds. */
class LargeAggregateTest {
  private static final StreamId STREAM = new StreamId("Total", "large");
  private static final Metadata METADATA = Metadata.atMicros(1);
  private static final String EVENT = "{\"amount\":1,\"note\":\"" + "x".repeat(250) + "\"}";

  private final OwnRedis redis = new OwnRedis();

  @Test
  void of_100_000_events() throws Exception {
    isLoadedInBoundedMemoryAndThenFromItsSnapshot(100_000);
  }

  @Test
  @Tag("large")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void of_1_000_000_events() throws Exception {
    isLoadedInBoundedMemoryAndThenFromItsSnapshot(1_000_000);
  }

  private void isLoadedInBoundedMemoryAndThenFromItsSnapshot(int events) throws Exception {
    try (redis;
        RedisEventStore store = RedisEventStore.connect(redis.store())) {
      fill(store, events);

      assertThat(sendOneCommandWithASmallHeap())
          .as("what a process with a heap of 32 MB says, without a snapshot")
          .isEqualTo("version " + (events + 1) + ", snapshot of version " + events);

      redis.tell(r -> r.configResetstat());
      assertThat(
              Totals.runtime(store, store, SnapshotPolicy.every(1_000))
                  .handleAndWait("large", "another", METADATA, 1L))
          .isInstanceOfSatisfying(
              Accepted.class,
              accepted -> assertThat(accepted.receipt().lastVersion()).isEqualTo(events + 2));
      assertThat(redis.calls("xrange")).as("reads, the one in the script included").isEqualTo(1);
      assertThat(((FromSnapshot) load(store)).snapshot().version()).isEqualTo(events);
      assertThat(load(store).tail()).hasSize(2);
    }
  }

  private static SnapshotAndTail load(RedisEventStore store) {
    return store.loadFromSnapshot(STREAM, Totals.STATE.schema());
  }

  private static void fill(RedisEventStore store, int events) {
    NewEvent event = new NewEvent(new EventType("Added", 1), EVENT.getBytes());
    List<NewEvent> thousand = Collections.nCopies(Commit.MAX_EVENTS, event);
    List<CompletableFuture<AppendResult>> underWay = new ArrayList<>();
    for (int version = 0; version < events; version += thousand.size()) {
      ExpectedVersion expected =
          version == 0
              ? ExpectedVersion.noStream()
              : ExpectedVersion.following(version, "fill-" + (version - thousand.size()));
      underWay.add(
          store.append(new Commit("fill-" + version, STREAM, expected, METADATA, thousand)));
      if (underWay.size() == 20) { // what waits to be appended is bounded
        underWay.forEach(CompletableFuture::join);
        underWay.clear();
      }
    }
    underWay.forEach(CompletableFuture::join);
  }

  private String sendOneCommandWithASmallHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=32m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                SendOneCommand.class.getName(),
                redis.server().uri())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return said.strip();
  }
}
