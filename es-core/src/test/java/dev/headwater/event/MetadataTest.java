package dev.headwater.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
  private static final Metadata FULL =
      new Metadata(1_700_000_000_123_456L, "cor", "cau", "anna", "00-ab-cd-01");

  private static Metadata read(String json) {
    return Metadata.fromJson(json.getBytes(UTF_8));
  }

  @Nested
  class The_stored_form {
    @Test
    void is_short() {
      assertThat(new String(FULL.toJson(), UTF_8))
          .isEqualTo(
              "{\"at\":1700000000123456,\"cor\":\"cor\",\"cau\":\"cau\",\"act\":\"anna\",\"tp\":\"00-ab-cd-01\"}");
    }

    @Test
    void leaves_out_what_is_absent() {
      assertThat(new String(Metadata.atMicros(7).toJson(), UTF_8)).isEqualTo("{\"at\":7}");
      assertThat(read("{\"at\":7}")).isEqualTo(new Metadata(7, null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "anna",
          "Größe 日本 🎺",
          "a\"b\\c/d",
          "line\nfeed\ttab\u0000\u001f",
          "\u2028",
          "null"
        })
    void gives_back_any_text_as_it_was(String text) {
      Metadata metadata = new Metadata(Long.MIN_VALUE, text, text + 1, text + 2, text + 3);
      assertThat(Metadata.fromJson(metadata.toJson())).isEqualTo(metadata);
    }

    @Test
    void may_have_escapes_and_its_fields_in_any_order() {
      assertThat(read(" {\"act\" : \"\\u0041\\n\\uD83C\\uDFBA\", \"at\" : -1} "))
          .isEqualTo(Metadata.atMicros(-1).withActor("A\n🎺"));
    }

    @Test
    void may_have_unknown_fields_of_any_shape() {
      assertThat(
              read(
                  "{\"x\":{\"at\":1,\"act\":{\"cor\":[{}]}},\"y\":[[1],{\"tp\":2}],\"z\":null,"
                      + "\"at\":7,\"n\":1.5,\"b\":true,\"s\":\"}\",\"act\":\"anna\",\"e\":{}}"))
          .isEqualTo(Metadata.atMicros(7).withActor("anna"));
    }

    @Test
    void may_say_null_for_absent() {
      assertThat(read("{\"at\":7,\"cor\":null,\"cau\":null,\"act\":null,\"tp\":null}"))
          .isEqualTo(Metadata.atMicros(7));
    }
  }

  @Nested
  class What_is_no_metadata {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          " ",
          "null",
          "7",
          "\"at\"",
          "[]",
          "[{\"at\":7}]",
          "{",
          "{\"at\"",
          "{\"at\":7",
          "{\"at\":}",
          "{\"at\":\"7\"}",
          "{\"at\":true}",
          "{\"at\":99999999999999999999}",
          "{\"at\":7,\"act\":5}",
          "{\"at\":7,\"cor\":{\"x\":1}}",
          "{\"at\":7,\"tp\":[]}",
          "{\"at\":7}}",
          "{\"at\":7} {}",
          "not json"
        })
    void is_shown_whole_in_the_error(String json) {
      assertThatThrownBy(() -> read(json))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not event metadata: " + json);
    }
  }

  @Nested
  class The_time {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "2026-11-22T10:11:12.123456Z",
          "1969-12-31T23:59:59.999999Z",
          "1970-01-01T00:00:00Z"
        })
    void is_kept_in_microseconds(String time) {
      assertThat(Metadata.at(Instant.parse(time)).time()).isEqualTo(Instant.parse(time));
    }

    @Test
    void is_rounded_down_also_before_1970() {
      assertThat(Metadata.micros(Instant.parse("1970-01-01T00:00:00.000001999Z"))).isEqualTo(1);
      assertThat(Metadata.micros(Instant.parse("1969-12-31T23:59:59.999998001Z"))).isEqualTo(-2);
    }
  }

  @Nested
  class A_copy {
    @Test
    void differs_in_what_was_named() {
      assertThat(FULL.withActor("bob"))
          .isEqualTo(new Metadata(FULL.occurredAt(), "cor", "cau", "bob", "00-ab-cd-01"));
      assertThat(FULL.withCause("c1", null))
          .isEqualTo(new Metadata(FULL.occurredAt(), "c1", null, "anna", "00-ab-cd-01"));
      assertThat(FULL.withTraceparent(null))
          .isEqualTo(new Metadata(FULL.occurredAt(), "cor", "cau", "anna", null));
    }
  }
}
