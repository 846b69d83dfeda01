package dev.headwater.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypeTest {
  @Nested
  class A_revision {
    @Test
    void is_at_least_1() {
      assertThat(new EventType("Placed", 1).revision()).isEqualTo(1);
      assertThatThrownBy(() -> new EventType("Placed", 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("revision of event Placed must be at least 1, was: 0");
    }
  }

  @Nested
  class A_name {
    @Test
    void follows_the_rule_for_names() {
      assertThatThrownBy(() -> new EventType("Pla|ced", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("event name must be a letter")
          .hasMessageEndingWith("was: 'Pla|ced'");
    }
  }

  @Nested
  class The_text_form {
    @Test
    void is_name_and_revision() {
      assertThat(new EventType("Placed", 12)).hasToString("Placed#12");
      assertThat(EventType.parse("Placed#12")).isEqualTo(new EventType("Placed", 12));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "Placed", "#1", "Placed#", "Placed#x", "Placed#1.5", "Placed#99999999999"})
    void that_is_none_is_shown_whole(String text) {
      assertThatThrownBy(() -> EventType.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected <event name>#<revision>, was: '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Placed#0", "Placed#-1", "Pla#ced#1", "9#1"})
    void is_validated_in_its_parts(String text) {
      assertThatThrownBy(() -> EventType.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
