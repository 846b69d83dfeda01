package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.testing.OwnRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  @Nested
  class The_exit_status {
    @Test
    void is_0_where_no_events_get_lost_and_with_strict_1_where_there_are_warnings() {
      try (OwnRedis redis = new OwnRedis()) {
        CommandLineRun run = CommandLineRun.of("doctor", redis.server().uri());
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("maxmemory-policy", "noeviction", "0 errors, 2 warnings");

        CommandLineRun strict = CommandLineRun.of("doctor", redis.server().uri(), "--strict");
        assertThat(strict.status()).isEqualTo(1);
        assertThat(strict.out()).isEqualTo(run.out());
      }
    }

    @Test
    void is_1_where_the_server_deletes_events() {
      try (OwnRedis redis = new OwnRedis()) {
        redis.tell(commands -> commands.configSet("maxmemory-policy", "allkeys-lru"));

        CommandLineRun run = CommandLineRun.of("doctor", redis.server().uri());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
            .containsPattern("error +maxmemory-policy +allkeys-lru\n +set noeviction");
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
