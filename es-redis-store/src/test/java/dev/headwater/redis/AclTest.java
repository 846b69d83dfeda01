package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.redis.check.CheckReport;
import dev.headwater.redis.check.Finding;
import dev.headwater.redis.testing.AclRedis;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.EventStore;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.SubscriptionSpec;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The users of {@code deploy/redis-acl} can do no more than what they are for. */
class AclTest {
  private static AclRedis redis;
  private final RedisStoreOptions application = redis.newStore("application");
  private final StreamId stream = new StreamId("Order", "1");
  private EventStore store;

  @BeforeAll
  static void start() {
    redis = AclRedis.alone(TestRedis.binary()); // what is written to it is counted
  }

  @BeforeEach
  void open() {
    store = RedisEventStore.connect(application);
    assertThat(store.appendAndWait(Commits.commit(stream, ExpectedVersion.any(), 1)))
        .isInstanceOf(Appended.class);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** In a command: {@code S} the stream's key, {@code L} its log's, {@code H} the head's. */
  private String answer(String user, String command) {
    String prefix = application.namespace() + ":{" + store.partitionOf(stream) + "}:";
    List<String> words =
        List.of(
            command
                .replace("$S", prefix + "s:" + stream)
                .replace("$L", prefix + "log")
                .replace("$H", prefix + "head")
                .replace("$M", application.namespace() + ":meta")
                .split(" "));
    try (RedisClient client = RedisClient.create(redis.uri(user));
        var connection = client.connect()) {
      CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
      words.subList(1, words.size()).forEach(args::add);
      return String.valueOf(
          connection
              .sync()
              .dispatch(
                  new Named(words.getFirst()), new NestedMultiOutput<>(StringCodec.UTF8), args));
    } catch (RedisCommandExecutionException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private record Named(String word) implements ProtocolKeyword {
    @Override
    public byte[] getBytes() {
      return word.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Nested
  class Nobody {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "DEL $S",
          "UNLINK $S",
          "RENAME $S $S:2",
          "XTRIM $S MAXLEN 0",
          "XDEL $S 1-0",
          "SET $S x",
          "XTRIM $L MAXLEN 0",
          "XDEL $L 1-0",
          "XSETID $S 9-0",
          "SET $H x",
          "HDEL $H epoch",
          "EXPIRE $S 1",
          "FLUSHALL",
          "FLUSHDB",
          "SWAPDB 0 1",
          "KEYS *",
          "SHUTDOWN",
          "CONFIG SET maxmemory-policy allkeys-lru",
          "CONFIG REWRITE",
          "SCRIPT FLUSH",
          "ACL SETUSER default on",
          "CLIENT KILL TYPE normal",
          "CLIENT PAUSE 1",
          "REPLICAOF NO ONE",
          "MIGRATE h 1 $S 0 1",
          "RESTORE $S 0 x",
          "COPY $S $S:2",
          "BGREWRITEAOF",
          "SAVE",
          "MONITOR"
        })
    void can_delete_or_replace_events_or_govern_the_server(String command) {
      for (String user : List.of("application", "projection", "effects", "auditor", "operator")) {
        assertThat(answer(user, command)).as(user).startsWith("NOPERM");
      }
      assertThat(store.readAll(stream, 1)).hasSize(1);
    }

    @Test
    void but_an_auditor_learns_the_names_of_keys() {
      for (String user : List.of("application", "projection", "effects", "operator")) {
        assertThat(answer(user, "SCAN 0")).as(user).startsWith("NOPERM");
      }
      assertThat(answer("auditor", "SCAN 0 COUNT 100000")).contains(":s:" + stream);
    }

    @Test
    void reaches_another_namespace() {
      for (String user : List.of("application", "projection", "effects", "auditor", "operator")) {
        assertThat(answer(user, "XRANGE other:{0}:log - +")).as(user).startsWith("NOPERM");
      }
      assertThatThrownBy(() -> RedisEventStore.connect(application.withNamespace("other")))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("NOPERM")
          .hasMessageContaining("permission")
          .hasMessageContaining("~other:*")
          .hasMessageContaining("docs/how-to/secure-redis.md")
          .hasMessageNotContaining("change-me");
    }
  }

  private static final String[] WRITES = {
    "XADD $S 2-0 c x t y m z d w",
    "XADD $L * r x",
    "HSET $H sequence 7",
    "HSETNX $M other 7",
    "EVAL return(1) 0",
    "XGROUP CREATE $S g 0",
    "XGROUP SETID $S g 0",
    "XGROUP DESTROY $L g",
    "XREADGROUP GROUP g c STREAMS $S >",
    "SCRIPT LOAD return(1)"
  };

  @Nested
  class A_projection {
    @Test
    void writes_nothing_but_its_groups_on_the_logs() {
      for (String command : WRITES) {
        assertThat(answer("projection", command)).as(command).startsWith("NOPERM");
      }
      assertThat(answer("projection", "XGROUP CREATE $L g 0")).contains("OK");
    }

    @Test
    void gets_a_refused_append_with_advice() {
      try (EventStore opened =
          RedisEventStore.connect(redis.as("projection", application.namespace()))) {
        assertThatThrownBy(
                () -> opened.appendAndWait(Commits.commit(stream, ExpectedVersion.any(), 1)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("was not stored")
            .hasMessageContaining("NOPERM")
            .hasMessageContaining("permission");
      }
    }
  }

  @Nested
  class An_effect {
    @Test
    void writes_nothing_but_its_groups_on_the_logs() {
      for (String command : WRITES) {
        if (!command.startsWith("EVAL")) {
          assertThat(answer("effects", command)).as(command).startsWith("NOPERM");
        }
      }
      assertThat(answer("effects", "XGROUP CREATE $L g 0")).contains("OK");
      assertThat(answer("effects", "XGROUP DESTROY $L g")).startsWith("NOPERM");
    }

    @Test
    void may_do_no_more_in_a_script() {
      String xadd = "EVAL return(redis.call('XADD',KEYS[1],'*','r','x')) 1 ";
      assertThat(answer("effects", xadd + "$S")).startsWith("NOPERM");
      String del = "EVAL return(redis.call('DEL',KEYS[1])) 1 ";
      for (String script : List.of(xadd, del)) {
        assertThat(answer("effects", script + "$L"))
            .containsAnyOf("can't run this command", "has no permissions"); // before, since 7.2
      }
      assertThat(answer("effects", "EVAL return(redis.call('XACK',KEYS[1],'g','1-1')) 1 $L"))
          .isEqualTo("[0]");
      assertThat(answer("effects", "XLEN $L")).isEqualTo("[1]");
    }
  }

  @Nested
  class An_application {
    @Test
    void may_forget_the_oldest_of_the_kept_ids() {
      RedisStoreOptions options =
          redis.newStore("application").withPartitions(1).withCommandWindow(10);
      try (EventStore opened = RedisEventStore.connect(options)) {
        for (int i = 0; i < 35; i++) {
          Commits.append(opened, Commits.commit(Commits.newStream(), 0, 1));
        }
      }
      String ids = "HLEN " + options.namespace() + ":{0}:ids";
      assertThat(answer("application", ids)).isEqualTo("[6]"); // and what they are complete since
      assertThat(answer("application", ids + "-before")).isEqualTo("[11]");
    }
  }

  @Nested
  class An_auditor {
    private final RedisStoreOptions auditor = redis.as("auditor", application.namespace());

    @Test
    void writes_nothing() {
      for (String command : WRITES) {
        assertThat(answer("auditor", command)).as(command).startsWith("NOPERM");
      }
      assertThat(answer("auditor", "XGROUP CREATE $L g 0")).startsWith("NOPERM");
    }

    @Test
    void reads_and_follows_the_store_while_nothing_is_written() {
      String before = answer("application", "INFO persistence");
      String written = before.replaceAll("(?s).*last_save:(\\d+).*", "$1");
      List<Position> starts = Commits.starts(store);
      try (EventStore opened = RedisEventStore.connect(auditor.forReading());
          var subscription =
              opened.subscribe(new SubscriptionSpec("g", "c", starts, type -> true, 100))) {
        assertThat(opened.readAll(stream, 1)).hasSize(1);
        assertThat(subscription.poll(Duration.ofSeconds(20))).hasSize(1);
        assertThat(subscription.poll(Duration.ofMillis(20))).isEmpty();
      }
      assertThat(answer("application", "INFO persistence"))
          .containsPattern("rdb_changes_since_last_save:" + written + "\\b");
    }

    @Test
    void is_told_to_open_for_reading_when_a_subscription_wants_a_group() {
      try (EventStore opened = RedisEventStore.connect(auditor)) {
        List<Position> start = List.of(opened.head(0));
        assertThatThrownBy(
                () -> opened.subscribe(new SubscriptionSpec("g", "c", start, type -> true, 100)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("NOPERM")
            .hasMessageContaining("forReading");
      }
    }

    @Test
    void appends_nothing_whether_the_store_or_the_server_refuses() {
      try (EventStore opened = RedisEventStore.connect(auditor.forReading())) {
        assertThatThrownBy(
                () -> opened.appendAndWait(Commits.commit(stream, ExpectedVersion.any(), 1)))
            .isInstanceOf(EventStoreException.class)
            .hasMessageContaining("was opened for reading");
      }
      try (EventStore opened = RedisEventStore.connect(auditor)) {
        assertThatThrownBy(
                () -> opened.appendAndWait(Commits.commit(stream, ExpectedVersion.any(), 1)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("NOPERM");
      }
      assertThat(store.readAll(stream, 1)).hasSize(1);
    }

    @Test
    void checks_the_store() {
      List<Finding> findings = new ArrayList<>();

      CheckReport report = StoreCheck.run(auditor.forReading(), findings::add);

      assertThat(findings).isEmpty();
      assertThat(report.streams()).isEqualTo(1);
      assertThat(report.events()).isEqualTo(1);
    }

    @Test
    void creates_no_store() {
      RedisStoreOptions missing = redis.newStore("auditor").forReading();

      assertThatThrownBy(() -> RedisEventStore.connect(missing))
          .isInstanceOf(EventStoreException.class)
          .hasMessageContaining("there is no store " + missing.namespace());
    }
  }
}
