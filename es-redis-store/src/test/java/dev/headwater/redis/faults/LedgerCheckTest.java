package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.faults.CheckProcess.Verdict;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The verdict on a store that was tampered with after its writers were answered. */
class LedgerCheckTest {
  private final RedisStoreOptions options = TestRedis.shared().newStore().withPartitions(1);
  private final RedisEventStore store = RedisEventStore.connect(options);
  private final RedisClient client = RedisClient.create(TestRedis.shared().uri());
  private final RedisCommands<String, String> redis = client.connect().sync();
  private final Path file = TestRedis.newFolder().resolve("ledger");
  private final Ledger ledger = new Ledger(file);
  private final StreamId stream = new StreamId("Own", "1");
  private final String key = options.namespace() + ":{0}:s:" + stream;
  private final String log = options.namespace() + ":{0}:log";

  LedgerCheckTest() {
    append("w-1-2", 0, 2);
    append("w-2-1", 2, 1);
  }

  @AfterEach
  void end() {
    client.close();
    store.close();
    ledger.close();
  }

  private void append(String id, long expected, int events) {
    NewEvent event = new NewEvent(new EventType("Noted", 1), new byte[] {'{', '}'});
    Commit commit =
        new Commit(
            id,
            stream,
            ExpectedVersion.exactly(expected),
            Metadata.atMicros(1),
            Collections.nCopies(events, event));
    ledger.stored(id, ((Appended) store.appendAndWait(commit)).receipt());
  }

  /** As something else than the store could. */
  private void add(String commit, long version, long sequence) {
    redis.xadd(
        key,
        new XAddArgs().id(version + "-0"),
        Map.of("c", commit, "t", "Noted#1", "m", "{\"at\":1}", "d", "{}"));
    String id =
        redis.xadd(log, Map.of("r", sequence + "|" + stream + "|" + version + "|1|Noted#1"));
    redis.hset(
        options.namespace() + ":{0}:head", Map.of("sequence", String.valueOf(sequence), "log", id));
  }

  private Verdict check() {
    return CheckProcess.check(options, file);
  }

  @Test
  void a_fresh_process_finds_nothing_wrong_with_what_the_store_wrote() throws Exception {
    assertThat(CheckProcess.run(options, file)).isEqualTo(new Verdict(List.of(), 0, 2, 3));
  }

  @Nested
  class Losses {
    @Test
    void a_fresh_process_reports_an_acknowledged_commit_that_is_gone() throws Exception {
      redis.del(key, log, options.namespace() + ":{0}:head");

      assertThat(CheckProcess.run(options, file).findings())
          .contains("LOST w-1-2, versions [1, 2] of Own:1", "LOST w-2-1, versions [3] of Own:1");
    }

    @Test
    void another_commit_in_the_place_of_an_acknowledged_one_is_reported() {
      redis.del(key, log);
      redis.hset(options.namespace() + ":{0}:head", Map.of("sequence", "0", "log", "0-0"));
      add("x-1-1", 1, 1);
      add("x-2-1", 2, 2);
      add("w-2-1", 3, 3);

      assertThat(check().findings()).containsExactly("LOST w-1-2, versions [1, 2] of Own:1");
    }

    @Test
    void a_part_of_a_commit_is_reported() {
      add("w-3-2", 4, 4);

      assertThat(check().findings()).containsExactly("LOST w-3-2 has 1 events instead of 2");
    }
  }

  @Nested
  class Duplicates {
    @Test
    void a_commit_that_is_there_twice_is_reported() {
      add("w-2-1", 4, 4);

      assertThat(check().findings())
          .contains(
              "COMMIT_TWICE partition 0, Own:1: w-2-1, again at version 4",
              "TWICE w-2-1 has 2 events instead of 1");
    }

    @Test
    void a_commit_that_is_stored_although_its_writer_was_told_it_is_not_is_reported() {
      add("w-3-1", 4, 4);
      ledger.notStored("w-3-1", stream);

      assertThat(check().findings())
          .containsExactly("UNTRUE w-3-1 is stored, its writer was told it is not");
    }
  }

  @Nested
  class Gaps {
    @Test
    void sequences_that_leave_one_out_are_reported() {
      add("w-3-1", 4, 5);

      assertThat(check().findings())
          .contains("GAP the log of partition 0 has a gap behind sequence 3")
          .anyMatch(finding -> finding.startsWith("SEQUENCE_GAP partition 0, log: "));
    }

    @Test
    void versions_that_leave_one_out_are_reported() {
      add("w-3-1", 5, 4);

      assertThat(check().findings())
          .contains(
              "GAP Own:1 is delivered with version 5 after 3",
              "VERSION_GAP partition 0, Own:1: entry 5-0 instead of 4-0");
    }

    @Test
    void another_sequence_than_the_acknowledged_one_is_reported() {
      ledger.stored("w-2-1", stream, 3, 3, 7);

      assertThat(check().findings())
          .containsExactly("MOVED w-2-1 was acknowledged with sequence 7 and has 3");
    }
  }
}
