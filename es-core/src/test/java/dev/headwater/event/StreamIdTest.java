package dev.headwater.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdTest {
  @Nested
  class A_type {
    @ParameterizedTest
    @ValueSource(strings = {"O", "Order", "a-b_c.d9", "Z"})
    void may_have_letters_digits_and_some_marks(String type) {
      assertThat(new StreamId(type, "1").type()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "", "9Order", "_a", ".a", "-a", "Or der", "Or:der", "Größe", "a{b}", "a/b", "a[", "a`"
        })
    void must_start_with_a_letter_and_have_no_other_characters(String type) {
      assertThatThrownBy(() -> new StreamId(type, "1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "stream type must be a letter followed by up to 99 letters, digits, '_', '.' or '-',"
                  + " was: '"
                  + type
                  + "'");
    }

    @Test
    void has_at_most_100_characters() {
      assertThat(new StreamId("a".repeat(100), "1").type()).hasSize(100);
      assertThatThrownBy(() -> new StreamId("a".repeat(101), "1"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class An_id {
    @ParameterizedTest
    @ValueSource(strings = {"1", " ", "a:b", "{x}", "Größe", "日本", "🎺", "a|b#c"})
    void may_have_any_printable_characters(String id) {
      assertThat(StreamId.parse(new StreamId("Order", id).toString()))
          .isEqualTo(new StreamId("Order", id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\u0000", "a\u007f", "\u0085"})
    void is_not_empty_and_has_no_control_character(String id) {
      assertThatThrownBy(() -> new StreamId("Order", id))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "stream id of type Order must have 1 to 512 characters and no control character,"
                  + " was: '"
                  + id
                  + "'");
    }

    @Test
    void has_no_half_of_a_surrogate_pair_for_it_would_share_its_key_with_others() {
      String trumpet = "🎺";
      for (String half : new String[] {trumpet.substring(0, 1), trumpet.substring(1)}) {
        assertThatThrownBy(() -> new StreamId("Order", half))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void has_at_most_512_characters() {
      assertThat(new StreamId("Order", "x".repeat(512)).id()).hasSize(512);
      assertThatThrownBy(() -> new StreamId("Order", "x".repeat(513)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class The_text_form {
    @Test
    void is_divided_at_the_first_colon() {
      assertThat(StreamId.parse("Order:a:b")).isEqualTo(new StreamId("Order", "a:b"));
      assertThat(new StreamId("Order", "a:b")).hasToString("Order:a:b");
    }

    @Test
    void needs_a_colon() {
      assertThatThrownBy(() -> StreamId.parse("Order"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected <type>:<id>, was: 'Order'");
    }

    @ParameterizedTest
    @ValueSource(strings = {":1", "Order:", ":"})
    void needs_both_parts(String text) {
      assertThatThrownBy(() -> StreamId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
