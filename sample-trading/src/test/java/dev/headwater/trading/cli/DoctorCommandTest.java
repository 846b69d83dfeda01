package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @Nested
  class The_exit_status {
    @Test
    void is_0_where_no_events_get_lost_and_with_strict_1_where_there_are_warnings(
        @TempDir Path folder) {
      try (RedisServer redis = RedisServer.start(RedisServerOptions.in(folder))) {
        CommandLineRun run = CommandLineRun.of("doctor", redis.uri());
        assertThat(run.status()).isZero();
        assertThat(run.out()).containsPattern("ok +maxmemory-policy +noeviction");
        assertThat(run.out()).contains("0 errors");

        CommandLineRun strict = CommandLineRun.of("doctor", redis.uri(), "--strict");
        assertThat(strict.status()).isEqualTo(1);
        assertThat(strict.out()).containsPattern("warning +replicas +none\\R +add one");
      }
    }

    @Test
    void is_1_where_the_server_deletes_events(@TempDir Path folder) {
      RedisServerOptions evicting =
          RedisServerOptions.in(folder).withSetting("maxmemory-policy", "allkeys-lru");
      try (RedisServer redis = RedisServer.start(evicting)) {
        CommandLineRun run = CommandLineRun.of("doctor", redis.uri());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
            .containsPattern("error +maxmemory-policy +allkeys-lru\\R +set noeviction")
            .contains("1 error, ");
      }
    }

    @Test
    void is_2_where_there_is_no_server_or_no_address_and_the_password_is_not_shown()
        throws IOException {
      int port;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        port = socket.getLocalPort();
      }
      CommandLineRun away = CommandLineRun.of("doctor", "redis://:s3cret@127.0.0.1:" + port);
      assertThat(away.status()).isEqualTo(2);
      assertThat(away.err())
          .startsWith("trading: can't reach Redis at 127.0.0.1:" + port)
          .doesNotContain("s3cret");

      CommandLineRun wrong = CommandLineRun.of("doctor", "http://:s3cret@127.0.0.1");
      assertThat(wrong.status()).isEqualTo(2);
      assertThat(wrong.err()).contains("not a Redis URI").doesNotContain("s3cret");
    }
  }
}
