package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.redis.doctor.Diagnosis;
import dev.headwater.redis.doctor.Finding;
import dev.headwater.redis.doctor.Severity;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.testing.OwnRedis;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.EventStoreException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisDoctorTest {
  private static OwnRedis redis;
  private static OwnRedis replica;

  @BeforeAll
  static void start() throws InterruptedException {
    redis =
        new OwnRedis(
            RedisServerOptions.in(TestRedis.newFolder())
                .withSetting("repl-diskless-sync-delay", "0"));
    replica =
        new OwnRedis(
            RedisServerOptions.in(TestRedis.newFolder())
                .withSetting("replicaof", "127.0.0.1 " + redis.server().port()));
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!finding("replicas").found().equals("1") && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
  }

  @AfterAll
  static void stop() {
    replica.close();
    redis.close();
  }

  @BeforeEach
  void healthy() {
    set("maxmemory", "1gb");
    set("maxmemory-policy", "noeviction");
    set("appendonly", "yes");
    set("appendfsync", "always");
    set("no-appendfsync-on-rewrite", "no");
    set("stream-node-max-bytes", "2048");
    set("save", "");
    set("min-replicas-to-write", "1");
    set("replica-read-only", "yes");
  }

  private static void set(String directive, String value) {
    redis.tell(commands -> commands.configSet(directive, value));
  }

  private static Finding finding(String check) {
    return finding(RedisDoctor.examine(redis.store()), check);
  }

  private static Finding finding(Diagnosis diagnosis, String check) {
    return diagnosis.findings().stream()
        .filter(finding -> finding.check().equals(check))
        .findAny()
        .orElseThrow(() -> new AssertionError("no finding of " + check + " in " + diagnosis));
  }

  @Nested
  class Findings {
    @Test
    void a_server_as_it_should_be_has_nothing_to_set() {
      Diagnosis diagnosis = RedisDoctor.examine(redis.store());

      assertThat(diagnosis.worst()).isEqualTo(Severity.OK);
      assertThat(diagnosis.findings()).allMatch(finding -> finding.advice().isEmpty());
      assertThat(diagnosis.findings()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @CsvSource({
      "maxmemory-policy, volatile-lru, ERROR, noeviction",
      "maxmemory-policy, allkeys-random, ERROR, noeviction",
      "maxmemory, 0, WARNING, memory",
      "maxmemory, 1mb, WARNING, raise",
      "appendonly, no, ERROR, yes",
      "appendfsync, everysec, NOTE, always",
      "appendfsync, no, WARNING, everysec",
      "no-appendfsync-on-rewrite, yes, WARNING, set no",
      "stream-node-max-bytes, 4096, WARNING, set 2048",
      "stream-node-max-bytes, 0, WARNING, set 2048",
      "save, 3600 1, WARNING, snapshot",
      "min-replicas-to-write, 0, WARNING, 1",
      "replica-read-only, no, WARNING, yes",
    })
    void what_is_set_wrong_is_found_with_what_to_set(
        String directive, String value, Severity severity, String advice) {
      set(directive, value);

      Diagnosis diagnosis = RedisDoctor.examine(redis.store());

      assertThat(finding(diagnosis, directive).severity()).isEqualTo(severity);
      assertThat(finding(diagnosis, directive).advice()).contains(advice);
      assertThat(diagnosis.worst()).isEqualTo(severity);
      assertThat(diagnosis.findings().getFirst().check()).isEqualTo(directive);
    }

    @Test
    void a_replica_is_the_wrong_server() {
      Finding role = finding(RedisDoctor.examine(replica.store()), "role");

      assertThat(role.severity()).isEqualTo(Severity.ERROR);
      assertThat(role.advice()).contains("name the primary");
    }

    @Test
    void the_embedded_server_is_too_old_for_production_and_has_no_replica() {
      Diagnosis diagnosis = RedisDoctor.examine(RedisStoreOptions.at(TestRedis.embedded().uri()));

      assertThat(diagnosis.server()).startsWith("Redis 6.2");
      assertThat(finding(diagnosis, "version").severity()).isEqualTo(Severity.WARNING);
      assertThat(finding(diagnosis, "replicas").advice()).contains("another machine");
      assertThat(diagnosis.worst()).isEqualTo(Severity.WARNING);
    }
  }

  @Nested
  class A_user_who_may_not_ask {
    private Diagnosis as(String rules) {
      redis.tell(
          commands -> {
            commands.aclDeluser("asking");
            commands.dispatch(
                io.lettuce.core.protocol.CommandType.ACL,
                new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
                new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                    .add("SETUSER")
                    .add("asking")
                    .add("on")
                    .add(">s3cret")
                    .add("+ping")
                    .add(rules));
          });
      return RedisDoctor.examine(
          RedisStoreOptions.at("redis://asking:s3cret@127.0.0.1:" + redis.server().port()));
    }

    @Test
    void for_directives_gets_a_note_that_they_could_not_be_checked() {
      Diagnosis diagnosis = as("+info");

      assertThat(diagnosis.worst()).isEqualTo(Severity.NOTE);
      assertThat(finding(diagnosis, "CONFIG GET").found()).contains("NOPERM");
      assertThat(finding(diagnosis, "CONFIG GET").advice()).contains("+config|get");
      assertThat(finding(diagnosis, "maxmemory-policy").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void for_anything_gets_a_warning() {
      Diagnosis diagnosis = as("+echo");

      assertThat(diagnosis.worst()).isEqualTo(Severity.WARNING);
      assertThat(finding(diagnosis, "INFO").advice()).contains("+info");
    }
  }

  @Nested
  class Opening_a_store {
    @Test
    void for_writing_is_refused_where_the_server_deletes_events() {
      RedisEventStore.connect(redis.store()).close();
      set("maxmemory-policy", "allkeys-lru");

      assertThatThrownBy(() -> RedisEventStore.connect(redis.store()))
          .isInstanceOf(EventStoreException.class)
          .hasMessageContaining("allkeys-lru")
          .hasMessageContaining("set noeviction")
          .hasMessageContaining("127.0.0.1:" + redis.server().port());
      RedisEventStore.connect(redis.store().forReading()).close();
    }

    @Test
    void is_allowed_with_errors_that_the_server_itself_will_report() {
      set("appendonly", "no");

      RedisEventStore.connect(redis.store()).close();
    }
  }
}
