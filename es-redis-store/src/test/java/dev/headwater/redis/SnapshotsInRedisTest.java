package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.AggregateHistory;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.SnapshotPolicy;
import dev.headwater.aggregate.Versioned;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.redis.Totals.Added;
import dev.headwater.redis.Totals.Total;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.ReadStream.Direction;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.SnapshotAndTail.Contradicted;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import dev.headwater.store.SnapshotAndTail.FromStart;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What snapshots are in Redis, and what becomes of them when Redis loses something. */
class SnapshotsInRedisTest {
  private static final String SCHEMA = "Total#1";
  private static final Metadata METADATA = Metadata.atMicros(1);

  private final OwnRedis redis = new OwnRedis();
  private RedisEventStore store = RedisEventStore.connect(redis.store());

  @AfterEach
  void end() {
    store.close();
    redis.close();
  }

  private String key(String kind, StreamId stream) {
    return "headwater:{" + store.partitionOf(stream) + "}:" + kind + ":" + stream;
  }

  private boolean save(StreamId stream, long version, String state) {
    String commit = store.read(stream, version, Direction.FORWARD, 1).getFirst().commitId();
    return store.saveSnapshot(stream, new Snapshot(version, commit, SCHEMA, state.getBytes(UTF_8)));
  }

  private SnapshotAndTail load(StreamId stream) {
    return store.loadFromSnapshot(stream, SCHEMA);
  }

  private void forgetCalls() {
    redis.tell(r -> r.configResetstat());
  }

  @Nested
  class In_redis {
    @Test
    void a_snapshot_is_a_string_that_begins_with_a_line_about_it() {
      StreamId stream = new StreamId("Total", "größe|1:{x}");
      append(store, commit(stream, 0, 2));
      String commit = store.read(stream, 2, Direction.FORWARD, 1).getFirst().commitId();

      save(stream, 2, "{\"sum\":5}");

      redis.tell(
          r ->
              assertThat(r.get(key("snap", stream)))
                  .isEqualTo("2 Total#1 " + commit + "\n{\"sum\":5}"));
    }

    @Test
    void snapshot_and_tail_are_one_call() {
      StreamId stream = newStream();
      append(store, commit(stream, 0, 199));
      save(stream, 100, "state");
      load(stream); // the server knows the script from now on
      forgetCalls();

      assertThat(load(stream).tail()).hasSize(99);

      assertThat(redis.calls("evalsha")).isEqualTo(1);
      assertThat(redis.calls("xrange")).as("in the script").isEqualTo(1);
    }

    @Test
    void a_long_tail_is_read_outside_of_the_script() {
      StreamId stream = newStream();
      append(store, commit(stream, 0, 1_000));
      save(stream, 10, "state");
      load(stream);
      forgetCalls();

      assertThat(load(stream).tail()).hasSize(990);

      assertThat(redis.calls("evalsha")).isEqualTo(1);
      assertThat(redis.calls("xrange")).as("in the script and after it").isEqualTo(2);
    }

    @Test
    void a_server_that_has_forgotten_the_scripts_is_told_them_again() {
      StreamId stream = newStream();
      append(store, commit(stream, 0, 3));
      redis.tell(r -> r.scriptFlush());
      assertThat(save(stream, 2, "state")).isTrue();
      redis.tell(r -> r.scriptFlush());

      assertThat(load(stream)).isInstanceOf(FromSnapshot.class);
    }

    @Test
    void whatever_else_is_in_its_place_is_ignored_and_replaced() {
      StreamId list = newStream();
      StreamId text = newStream();
      append(store, commit(list, 0, 3));
      append(store, commit(text, 0, 3));
      redis.tell(
          r -> {
            r.lpush(key("snap", list), "x");
            r.set(key("snap", text), "5 nonsense");
          });

      for (StreamId stream : List.of(list, text)) {
        assertThat(load(stream)).isInstanceOf(FromStart.class);
        assertThat(load(stream).tail()).hasSize(3);
        assertThat(save(stream, 3, "state")).isTrue();
        assertThat(load(stream)).isInstanceOf(FromSnapshot.class);
      }
    }
  }

  @Nested
  class A_store_that_lost_events {
    private final StreamId stream = new StreamId("Total", "lossy");

    private void lose() {
      redis.tell(r -> r.del(key("s", stream)));
    }

    @Test
    void contradicts_a_snapshot_ahead_of_the_stream() {
      append(store, commit(stream, 0, 5));
      save(stream, 5, "state");
      lose();
      append(store, commit(stream, 0, 3));

      assertThat(load(stream)).isInstanceOf(Contradicted.class);
      assertThat(((Contradicted) load(stream)).version()).isEqualTo(5);
      assertThat(load(stream).tail()).hasSize(3);
    }

    @Test
    void contradicts_a_snapshot_of_another_event_with_that_version() {
      append(store, commit(stream, 0, 5));
      save(stream, 5, "state");
      lose();
      append(store, commit(stream, 0, 7));

      assertThat(load(stream)).isInstanceOf(Contradicted.class);
      assertThat(load(stream).tail()).hasSize(7);
    }

    @Test
    void takes_an_earlier_snapshot_of_the_history_that_it_has() {
      append(store, commit(stream, 0, 5));
      save(stream, 5, "state");
      lose();
      append(store, commit(stream, 0, 3));

      assertThat(save(stream, 2, "other")).isTrue();
      assertThat(load(stream)).isInstanceOf(FromSnapshot.class);
      assertThat(load(stream).tail()).hasSize(1);
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void is_reported_and_the_aggregate_loaded_from_its_events() {
      Totals.runtime(store, store, SnapshotPolicy.every(1))
          .handleAndWait("lossy", "first", METADATA, 5L);
      awaitSnapshot(stream, 1);
      lose();
      append(store, Totals.commit(stream, "other", 7));
      PrintStream usual = System.err;
      ByteArrayOutputStream log = new ByteArrayOutputStream();
      System.setErr(new PrintStream(log, true, UTF_8));
      Versioned<Total> state;
      try {
        state = Totals.runtime(store, store, SnapshotPolicy.every(1)).history().latest("lossy");
      } finally {
        System.setErr(usual);
      }

      assertThat(state).isEqualTo(new Versioned<>(1, new Total(7)));
      assertThat(log.toString(UTF_8))
          .contains(
              "the snapshot of Total:lossy is of version 1, an event that the store does not");
    }
  }

  @Nested
  class A_crash_between_append_and_snapshot {
    @Test
    void changes_nothing() {
      KeepSnapshots dead = new NeverWritten(store);
      var before = Totals.runtime(store, store, SnapshotPolicy.every(2));
      before.handleAndWait("t", "c1", METADATA, 1L);
      before.handleAndWait("t", "c2", METADATA, 10L);
      awaitSnapshot(before.history().stream("t"), 2);
      var dying = Totals.runtime(store, dead, SnapshotPolicy.every(1));
      dying.handleAndWait("t", "c3", METADATA, 100L);
      store.close();

      redis.crashAndRestart();
      store = RedisEventStore.connect(redis.store());

      AggregateRuntime<Long, Total, Added> after =
          Totals.runtime(store, store, SnapshotPolicy.every(2));
      assertThat(after.history().latest("t")).isEqualTo(new Versioned<>(3, new Total(111)));
      assertThat(after.handleAndWait("t", "c4", METADATA, 1_000L)).isInstanceOf(Accepted.class);
      awaitSnapshot(after.history().stream("t"), 4);
      assertThat(after.history().latest("t")).isEqualTo(new Versioned<>(4, new Total(1_111)));
    }
  }

  @Nested
  class Two_processes_on_one_aggregate {
    @Test
    void leave_a_snapshot_that_the_events_confirm() {
      try (RedisEventStore other = RedisEventStore.connect(redis.store())) {
        var runtimes =
            List.of(
                Totals.runtime(store, store, SnapshotPolicy.every(2)),
                Totals.runtime(other, other, SnapshotPolicy.every(3)));
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          answers.add(runtimes.get(i % 2).handle("t", "c" + i, METADATA, (long) i));
        }
        answers.forEach(CompletableFuture::join);
      }

      AggregateHistory<Total, Added> history =
          Totals.runtime(store, store, SnapshotPolicy.never()).history();
      awaitSnapshot(history.stream("t"), 1);
      FromSnapshot found = (FromSnapshot) load(history.stream("t"));
      assertThat(
              new Versioned<>(
                  found.snapshot().version(), Totals.STATE.decode(found.snapshot().state())))
          .isEqualTo(history.atVersion("t", found.snapshot().version()));
      assertThat(history.latest("t")).isEqualTo(new Versioned<>(300, new Total(299 * 150)));
    }
  }

  private void awaitSnapshot(StreamId stream, long version) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!(load(stream) instanceof FromSnapshot found) || found.snapshot().version() < version) {
      assertThat(System.nanoTime()).as("no snapshot of " + stream).isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** The snapshots of a process that dies before it can write one. */
  private record NeverWritten(KeepSnapshots store) implements KeepSnapshots {
    @Override
    public SnapshotAndTail loadFromSnapshot(StreamId stream, String schema) {
      return store.loadFromSnapshot(stream, schema);
    }

    @Override
    public boolean saveSnapshot(StreamId stream, Snapshot snapshot) {
      return false;
    }
  }
}
