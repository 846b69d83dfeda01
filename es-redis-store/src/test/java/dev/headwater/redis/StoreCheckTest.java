package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.StreamId;
import dev.headwater.redis.check.CheckReport;
import dev.headwater.redis.check.Finding;
import dev.headwater.redis.check.Finding.Kind;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.EventStoreException;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StoreCheckTest {
  private final RedisStoreOptions options = TestRedis.shared().newStore().withPartitions(1);
  private final RedisEventStore store = RedisEventStore.connect(options);
  private final RedisClient client = RedisClient.create(TestRedis.shared().uri());
  private final RedisCommands<String, String> redis = client.connect().sync();
  private final List<Finding> findings = new ArrayList<>();

  /** 3 events and 2 more in a second commit; sequences 1 to 3 and 5 to 6. */
  private final StreamId stream = newStream();

  /** One event; sequence 4. */
  private final StreamId other = newStream();

  StoreCheckTest() {
    append(store, commit(stream, 0, 3));
    append(store, commit(other, 0, 1));
    append(store, commit(stream, 3, 2));
  }

  @AfterEach
  void end() {
    client.close();
    store.close();
  }

  private String key(StreamId of) {
    return options.namespace() + ":{0}:s:" + of;
  }

  private String log() {
    return options.namespace() + ":{0}:log";
  }

  private String head() {
    return options.namespace() + ":{0}:head";
  }

  private List<StreamMessage<String, String>> entries(String key) {
    return redis.xrange(key, Range.unbounded());
  }

  private void addEvent(StreamId to, long version, String commitId) {
    redis.xadd(
        key(to),
        new XAddArgs().id(version + "-0"),
        Map.of("c", commitId, "t", "A#1", "m", "{\"at\":1}", "d", "{}"));
  }

  private void addReference(String reference) {
    String id = redis.xadd(log(), Map.of("r", reference));
    String sequence = reference.substring(0, reference.indexOf('|'));
    redis.hset(head(), Map.of("sequence", sequence, "log", id));
  }

  private CheckReport check() {
    return StoreCheck.run(options, findings::add);
  }

  private void assertFound(Kind kind, Object subject, String what) {
    findings.clear();
    CheckReport report = check();
    assertThat(findings).contains(new Finding(kind, 0, subject.toString(), what));
    assertThat(findings).hasSize((int) report.findings());
    assertThat(report.isConsistent()).isFalse();
  }

  private void assertFoundOnly(Kind kind, Object subject, String what) {
    assertFound(kind, subject, what);
    assertThat(findings).hasSize(1);
  }

  @Nested
  class A_store_that_holds_together {
    @Test
    void has_no_finding_and_is_counted() {
      assertThat(check()).isEqualTo(new CheckReport(2, 6, 3, 0));
      assertThat(findings).isEmpty();
    }

    @Test
    void is_read_page_by_page_and_share_by_share() {
      long streams = 300;
      for (int i = 0; i < streams; i++) {
        append(store, commit(newStream(), 0, 5));
      }
      StreamId large = newStream();
      for (int i = 0; i < 30; i++) {
        append(store, commit(large, 100 * i, 100));
      }

      CheckReport whole = check();
      CheckReport inShares = StoreCheck.run(options, findings::add, 100);

      assertThat(whole).isEqualTo(new CheckReport(303, 4_506, 333, 0));
      assertThat(inShares).isEqualTo(whole);
    }

    @Test
    void may_be_written_to_meanwhile() throws Exception {
      AtomicBoolean stop = new AtomicBoolean();
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (long i = 0; !stop.get(); i++) {
                      append(store, commit(stream, 5 + i, 1));
                      append(store, commit(newStream(), 0, 2));
                    }
                  });

      for (int i = 0; i < 5; i++) {
        check();
      }

      stop.set(true);
      writer.join();
      assertThat(findings).isEmpty();
    }
  }

  @Nested
  class A_loss {
    @Test
    void of_a_stream_is_found() {
      redis.del(key(stream));

      assertFoundOnly(
          Kind.REFERENCE_UNRESOLVED, stream, "versions 1 to 5, the stream does not exist");
    }

    @Test
    void of_a_stream_s_end_is_found() {
      redis.xdel(key(stream), "5-0");

      assertFoundOnly(Kind.REFERENCE_UNRESOLVED, stream, "version 5, the stream has 4");
    }

    @Test
    void of_an_event_in_between_is_found() {
      redis.xdel(key(stream), "2-0");

      assertFoundOnly(Kind.VERSION_GAP, stream, "entry 3-0 instead of 2-0");
    }

    @Test
    void of_a_log_entry_is_found() {
      redis.xdel(log(), entries(log()).getFirst().getId());

      assertFound(
          Kind.SEQUENCE_GAP,
          "log",
          "entry " + entries(log()).getFirst().getId() + " has sequence 4 instead of 1");
      assertFound(
          Kind.NOT_REFERENCED,
          stream,
          "versions 1 to 3, passed over by log entry " + entries(log()).getLast().getId());
    }

    @Test
    void of_the_log_s_end_is_found() {
      redis.xdel(log(), entries(log()).getLast().getId());

      assertFound(Kind.HEAD_MISMATCH, "head", "says 6 events, the log has 4");
      assertFound(Kind.NOT_REFERENCED, stream, "versions 4 to 5");
    }

    @Test
    void of_the_log_is_found() {
      redis.del(log());

      assertFound(Kind.NOT_REFERENCED, stream, "versions 1 to 5");
      assertFound(Kind.NOT_REFERENCED, other, "version 1");
    }

    @Test
    void of_the_head_is_found() {
      redis.del(head());

      assertFoundOnly(Kind.HEAD_MISMATCH, "head", "says 0 events, the log has 6");
    }
  }

  @Nested
  class A_duplicate {
    @Test
    void of_a_commit_at_once_is_found() {
      String commit = entries(key(stream)).getLast().getBody().get("c");
      addEvent(stream, 6, commit);
      addReference("7|" + stream + "|6|1|A#1");

      assertFoundOnly(Kind.COMMIT_TWICE, stream, commit + ", again at version 6");
    }

    @Test
    void of_a_commit_after_others_is_found() {
      String commit = entries(key(stream)).getFirst().getBody().get("c");
      addEvent(stream, 6, commit);
      addReference("7|" + stream + "|6|1|A#1");

      assertFoundOnly(Kind.COMMIT_TWICE, stream, commit + ", again at version 6");
    }

    @Test
    void of_a_reference_is_found() {
      addReference("7|" + stream + "|5|1|A#1");

      assertFound(
          Kind.REFERENCED_TWICE,
          stream,
          "version 5, again by log entry " + entries(log()).getLast().getId());
    }
  }

  @Nested
  class A_gap {
    @Test
    void in_the_versions_is_found() {
      addEvent(stream, 8, "c");
      addReference("7|" + stream + "|8|1|A#1");

      assertFound(Kind.VERSION_GAP, stream, "entry 8-0 instead of 6-0");
    }

    @Test
    void in_the_sequences_is_found() {
      addEvent(stream, 6, "c");
      addReference("9|" + stream + "|6|1|A#1");

      assertFoundOnly(
          Kind.SEQUENCE_GAP,
          "log",
          "entry " + entries(log()).getLast().getId() + " has sequence 9 instead of 7");
    }
  }

  @Nested
  class A_log {
    @Test
    void that_refers_to_nothing_is_found() {
      addReference("7|" + stream + "|6|1|A#1");

      assertFoundOnly(Kind.REFERENCE_UNRESOLVED, stream, "version 6, the stream has 5");
    }

    @Test
    void that_does_not_refer_to_an_event_is_found() {
      addEvent(stream, 6, "c");

      assertFoundOnly(Kind.NOT_REFERENCED, stream, "version 6");
    }

    @Test
    void with_something_else_in_it_is_found() {
      String id = redis.xadd(log(), Map.of("r", "hello"));

      assertFoundOnly(Kind.NOT_A_REFERENCE, "log", "entry " + id + " is 'hello'");
    }

    @Test
    void that_the_head_does_not_know_is_found() {
      redis.hset(head(), Map.of("sequence", "4"));

      assertFound(Kind.HEAD_MISMATCH, "head", "says 4 events, the log has 6");
    }

    @Test
    void with_another_end_than_the_head_says_is_found() {
      redis.hset(head(), Map.of("log", "17-0"));

      assertFoundOnly(
          Kind.HEAD_MISMATCH,
          "head",
          "says that event 6 is in entry 17-0, it is in " + entries(log()).getLast().getId());
    }
  }

  @Nested
  class A_store_that_is_not_there {
    @Test
    void is_not_made() {
      RedisStoreOptions elsewhere = TestRedis.shared().newStore();

      assertThatThrownBy(() -> StoreCheck.run(elsewhere, findings::add))
          .isInstanceOf(EventStoreException.class)
          .hasMessageContaining("there is no " + elsewhere);
      assertThat(redis.keys(elsewhere.namespace() + "*")).isEmpty();
    }
  }
}
