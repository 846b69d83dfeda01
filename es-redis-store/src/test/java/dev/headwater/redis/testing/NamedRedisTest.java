package dev.headwater.redis.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NamedRedisTest {
  @Test
  void no_name_is_no_server() {
    assertThat(NamedRedis.parse("")).isEmpty();
    assertThat(NamedRedis.parse(" , ")).isEmpty();
  }

  @Test
  void names_are_paths_with_commas_between() {
    Path binary = TestRedis.binary();

    assertThat(NamedRedis.parse(binary + ", " + binary)).containsExactly(binary, binary);
  }

  @Test
  void a_name_that_is_no_program_is_refused_and_not_skipped() {
    assertThatThrownBy(() -> NamedRedis.parse("/no/such/redis-server"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/no/such/redis-server");
  }
}
