package dev.headwater.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {
  record Account(String owner, BigDecimal balance, @Nullable String note, List<Hold> holds) {}

  record Hold(int id, Map<String, Long> amounts) {}

  private final StateCodec<Account> codec = StateCodec.json("Account", 2, Account.class);

  @Nested
  class A_state {
    @Test
    void comes_back_as_it_was() {
      Account account =
          new Account(
              "Ægir",
              new BigDecimal("12345678901234567890.10"),
              null,
              List.of(new Hold(1, Map.of("eur", Long.MAX_VALUE))));

      assertThat(codec.decode(codec.encode(account))).isEqualTo(account);
    }

    @Test
    void is_readable_json() {
      assertThat(
              new String(codec.encode(new Account("ann", BigDecimal.ONE, "x", List.of())), UTF_8))
          .isEqualTo("{\"owner\":\"ann\",\"balance\":1,\"note\":\"x\",\"holds\":[]}");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "null",
          "{}",
          "[]",
          "nonsense",
          "{\"owner\":\"ann\",\"balance\":1,\"note\":\"x\"}",
          "{\"owner\":\"ann\",\"balance\":1,\"note\":\"x\",\"holds\":[],\"more\":1}",
          "{\"owner\":\"ann\",\"balance\":1,\"note\":\"x\",\"holds\":[]} {}",
          "{\"owner\":\"ann\",\"balance\":1,\"note\":\"x\",\"holds\":[{\"id\":null,\"amounts\":{}}]}"
        })
    void of_another_shape_is_refused_instead_of_half_read(String json) {
      assertThatThrownBy(() -> codec.decode(json.getBytes(UTF_8)))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Nested
  class The_schema {
    @Test
    void is_name_and_revision() {
      assertThat(codec.schema()).isEqualTo("Account#2");
    }

    @Test
    void has_no_space_and_a_revision_from_1() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StateCodec.json("An account", 1, Account.class))
          .withMessageContaining("'An account#1'");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StateCodec.json("Account", 0, Account.class))
          .withMessageContaining("'Account' and 0");
    }
  }
}
