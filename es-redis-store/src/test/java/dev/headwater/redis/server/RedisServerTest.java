package dev.headwater.redis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedisServerTest {
  private static RedisServerOptions options() {
    return RedisServerOptions.in(TestRedis.newFolder()).withBinary(RedisBinary.embedded());
  }

  private static String ask(
      RedisServer server, Function<RedisCommands<String, String>, Object> question) {
    try (RedisClient client = RedisClient.create(server.uri());
        var connection = client.connect()) {
      return String.valueOf(question.apply(connection.sync()));
    }
  }

  @Nested
  class Configuration {
    @Test
    void it_is_set_up_as_an_event_store_wants_it() {
      try (RedisServer server = RedisServer.start(options().withFsync(Fsync.ALWAYS))) {
        assertThat(ask(server, redis -> redis.configGet("appendonly")))
            .isEqualTo("{appendonly=yes}");
        assertThat(ask(server, redis -> redis.configGet("appendfsync")))
            .isEqualTo("{appendfsync=always}");
        assertThat(ask(server, redis -> redis.configGet("save"))).isEqualTo("{save=}");
        assertThat(ask(server, redis -> redis.configGet("bind"))).isEqualTo("{bind=127.0.0.1}");
        assertThat(ask(server, redis -> redis.configGet("maxmemory-policy")))
            .isEqualTo("{maxmemory-policy=noeviction}");
      }
    }

    @Test
    void further_settings_win_and_are_not_shown() {
      RedisServerOptions options = options().withSetting("requirepass", "s3cret");
      try (RedisServer server = RedisServer.start(options)) {
        assertThatThrownBy(() -> ask(server, redis -> redis.dbsize())).isNotNull();
        assertThat(options.toString()).doesNotContain("s3cret");
      }
    }

    @Test
    void the_folder_may_have_spaces_and_quotes() {
      Path folder = TestRedis.newFolder().resolve("my \"data\" folder");
      RedisServerOptions options = RedisServerOptions.in(folder).withBinary(RedisBinary.embedded());
      try (RedisServer server = RedisServer.start(options)) {
        assertThat(ask(server, redis -> redis.set("a", "b"))).isEqualTo("OK");
      }
      assertThat(folder.resolve("appendonly.aof")).exists();
    }
  }

  @Nested
  class Life {
    @Test
    void what_was_stored_is_there_after_a_kill_and_a_restart() {
      RedisServerOptions options = options().withFsync(Fsync.ALWAYS);
      RedisServer first = RedisServer.start(options);
      ask(first, redis -> redis.set("kept", "yes"));
      first.kill();
      assertThat(first.isAlive()).isFalse();

      try (RedisServer second = RedisServer.start(options)) {
        assertThat(ask(second, redis -> redis.get("kept"))).isEqualTo("yes");
      }
    }

    @Test
    void closing_ends_the_process_and_closing_twice_does_nothing() {
      RedisServer server = RedisServer.start(options());

      server.close();
      server.close();

      assertThat(server.isAlive()).isFalse();
      assertThat(ProcessHandle.of(server.pid()).map(ProcessHandle::isAlive).orElse(false))
          .isFalse();
    }

    @Test
    void closing_ends_it_soon_though_it_refuses_while_it_writes_its_first_file() {
      RedisServerOptions slow =
          options().withSetting("appendonly", "no").withSetting("rdb-key-save-delay", "100000");
      RedisServer server = RedisServer.start(slow);
      Map<String, String> eight =
          IntStream.range(0, 8).boxed().collect(Collectors.toMap(i -> "key" + i, i -> "x"));
      ask(server, redis -> redis.mset(eight) + redis.configSet("appendonly", "yes"));
      long start = System.nanoTime();
      server.close();
      assertThat(server.isAlive()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void a_server_that_outlived_its_starter_is_ended_by_the_next_start() throws Exception {
      RedisServerOptions options = options();
      Process orphan = orphanIn(options);
      try (RedisServer server = RedisServer.start(options)) {
        assertThat(orphan.waitFor()).isZero();
        assertThat(ask(server, redis -> redis.ping())).isEqualTo("PONG");
      } finally {
        orphan.destroyForcibly();
      }
    }

    @Test
    void an_orphan_is_known_by_the_note_of_its_start() throws Exception {
      RedisServerOptions options = options();
      RedisServerOptions first = options();
      try (RedisServer orphan = RedisServer.start(first)) {
        Files.copy(started(first), started(options));

        RedisServer.start(options).close();

        assertThat(orphan.isAlive()).isFalse();
      }
    }

    @Test
    void another_redis_that_got_the_id_of_an_earlier_one_is_left_alone() throws Exception {
      try (RedisServer stranger = RedisServer.start(options())) {
        RedisServerOptions options = options();
        Files.writeString(options.dataFolder().resolve("redis.pid"), stranger.pid() + "\n");
        Files.writeString(started(options), stranger.pid() + " 2020-01-01T00:00:00Z");

        RedisServer.start(options).close();

        assertThat(stranger.isAlive()).isTrue();
      }
    }

    @Test
    void a_start_that_is_interrupted_does_not_go_on_beside_an_orphan() throws Exception {
      RedisServerOptions options = options();
      Process orphan = orphanIn(options);
      try {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> RedisServer.start(options))
            .isInstanceOf(RedisStartException.class)
            .hasMessageContaining("process " + orphan.pid());
        assertThat(Thread.interrupted()).isTrue();
        orphan.waitFor();
        RedisServer.start(options).close();
      } finally {
        orphan.destroyForcibly();
      }
    }

    private Path started(RedisServerOptions options) {
      return options.dataFolder().resolve("headwater.started");
    }

    /** As it is after the process was killed that started it: running, and the lock is free. */
    private Process orphanIn(RedisServerOptions options) throws IOException {
      Path folder = options.dataFolder();
      Process orphan =
          new ProcessBuilder(
                  options.binary().toString(),
                  "--port",
                  "0",
                  "--unixsocket",
                  folder.resolve("s").toString(),
                  "--dir",
                  folder.toString(),
                  "--pidfile",
                  folder.resolve("redis.pid").toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("orphan.log").toFile())
              .start();
      Path pid = folder.resolve("redis.pid"); // written after the socket
      while (orphan.isAlive() && (!Files.exists(pid) || Files.size(pid) == 0)) {
        Thread.onSpinWait();
      }
      return orphan;
    }
  }

  @Nested
  class Refusals {
    @Test
    void a_data_folder_in_use_is_refused() {
      RedisServerOptions options = options();
      try (RedisServer server = RedisServer.start(options)) {
        assertThatThrownBy(() -> RedisServer.start(options))
            .isInstanceOf(RedisStartException.class)
            .hasMessageContaining(options.dataFolder().toString())
            .hasMessageContaining("in use");
        assertThat(server.isAlive()).isTrue();
      }
    }

    @Test
    void a_port_in_use_is_refused_and_the_folder_is_free_again() throws IOException {
      RedisServerOptions options = options();
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        assertThatThrownBy(() -> RedisServer.start(options.withPort(taken.getLocalPort())))
            .isInstanceOf(RedisStartException.class)
            .hasMessageContaining("port " + taken.getLocalPort() + " is in use");
      }
      RedisServer.start(options).close();
    }

    @Test
    void a_server_that_ends_at_start_shows_the_end_of_its_log() {
      assertThatThrownBy(() -> RedisServer.start(options().withSetting("no-such-directive", "1")))
          .isInstanceOf(RedisStartException.class)
          .hasMessageContaining("ended at start")
          .hasMessageContaining("no-such-directive");
    }

    @Test
    void a_program_that_can_not_be_run_is_named() {
      assertThatThrownBy(() -> RedisServer.start(options().withBinary(Path.of("/no/such/redis"))))
          .isInstanceOf(RedisStartException.class)
          .hasMessageContaining("/no/such/redis");
    }

    @Test
    void a_folder_that_can_not_be_made_is_named() throws IOException {
      Path file = Files.createFile(TestRedis.newFolder().resolve("file"));
      RedisServerOptions options =
          RedisServerOptions.in(file.resolve("sub")).withBinary(RedisBinary.embedded());

      assertThatThrownBy(() -> RedisServer.start(options))
          .isInstanceOf(RedisStartException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
