package dev.headwater.axon.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonframework.conversion.PassThroughConverter;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageMappingTest {
  private static final StreamId STREAM = new StreamId("Account", "a");
  private static final Instant TIME = Instant.parse("2026-11-22T10:00:00.123456Z");

  private final MessageMapping mapping = new MessageMapping(PassThroughConverter.INSTANCE);

  private static EventMessage message(String id, MessageType type, String payload) {
    return message(id, type, payload.getBytes(UTF_8), Map.of(), TIME);
  }

  private static EventMessage message(
      String id, MessageType type, byte[] payload, Map<String, String> metadata, Instant time) {
    return new GenericEventMessage(id, type, payload, metadata, time);
  }

  private Commit commit(EventMessage... messages) {
    return mapping.commit(STREAM, ExpectedVersion.noStream(), List.of(messages));
  }

  private List<EventMessage> roundTrip(EventMessage... messages) {
    Commit commit = commit(messages);
    byte[] metadata = commit.metadata().toJson();
    return IntStream.range(0, messages.length)
        .mapToObj(
            i -> {
              NewEvent event = commit.events().get(i);
              return mapping.message(
                  new RecordedEvent(
                      STREAM, i + 1, commit.id(), event.type(), metadata, event.data()));
            })
        .toList();
  }

  private static void assertSame(EventMessage actual, EventMessage expected) {
    assertThat(actual.identifier()).isEqualTo(expected.identifier());
    assertThat(actual.type()).isEqualTo(expected.type());
    assertThat(actual.timestamp()).isEqualTo(expected.timestamp());
    assertThat(actual.metadata()).isEqualTo(expected.metadata());
    assertThat((byte[]) actual.payload()).isEqualTo((byte[]) expected.payload());
  }

  @Nested
  class NothingIsLost {
    @ParameterizedTest
    @CsvSource({
      "bank.Opened, 0.0.1, bank.Opened#1",
      "bank.Opened, 2, bank.Opened#2",
      "bank.Opened, 1, bank.Opened#1",
      "bank.Opened, 1.4, bank.Opened#1",
      "bank.Opened, 02, bank.Opened#2",
      "bank.Opened, -3, bank.Opened#1",
      "bank.Account$Opened, 0.0.1, bank.Account-Opened#1",
      "account-opened, 0.0.1, account-opened#1",
      "3rd opening, 0.0.1, rd-opening#1",
      "開設, 0.0.1, AxonEvent#1",
    })
    void of_a_type(String name, String version, String stored) {
      EventMessage message = message("1", new MessageType(name, version), "{}");
      assertSame(roundTrip(message).getFirst(), message);
      assertThat(commit(message).events().getFirst().type()).hasToString(stored);
    }

    @Test
    void of_a_name_that_is_too_long() {
      EventMessage message =
          message("1", new MessageType("a.".repeat(80) + "Opened", "0.0.1"), "{}");
      assertSame(roundTrip(message).getFirst(), message);
      assertThat(commit(message).events().getFirst().type().name()).endsWith(".Opened");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"a\":[1,2,{\"b\":null}]}",
          "\"text\"",
          "1",
          "-1.50",
          "null",
          "[]",
          "{} ",
          " {}",
          "",
          "{\"a\":1}{\"b\":2}",
          "{\"a\":",
          "not JSON",
          "\u0000",
          "\uFEFF{}",
          "{\"ü\":\"開設\"}"
        })
    void of_a_payload(String payload) {
      EventMessage message = message("1", new MessageType("x"), payload);
      assertSame(roundTrip(message).getFirst(), message);
    }

    @Test
    void of_a_payload_that_is_not_text() {
      byte[] payload = new byte[512];
      IntStream.range(0, payload.length).forEach(i -> payload[i] = (byte) i);
      EventMessage message = message("1", new MessageType("x"), payload, Map.of(), TIME);
      assertSame(roundTrip(message).getFirst(), message);
    }

    @Test
    void of_events_of_one_commit_that_differ() {
      EventMessage first =
          message(
              "1",
              new MessageType("x"),
              "1".getBytes(UTF_8),
              Map.of("correlationId", "c", "causationId", "d", "user", "Ada"),
              TIME);
      EventMessage second =
          message(
              "2",
              new MessageType("x"),
              "2".getBytes(UTF_8),
              Map.of("correlationId", "c", "traceparent", "t"),
              TIME.plusNanos(1));
      List<EventMessage> read = roundTrip(first, second);
      assertSame(read.get(0), first);
      assertSame(read.get(1), second);
    }
  }

  @Nested
  class WhereItIs {
    @Test
    void what_all_events_share_is_in_the_commit_and_the_payload_is_readable() {
      EventMessage message =
          message(
              "the-id",
              new MessageType("bank.Opened"),
              "{\"owner\":\"Ada\"}".getBytes(UTF_8),
              Map.of("correlationId", "c", "causationId", "d", "traceparent", "t", "user", "u"),
              TIME);
      Commit commit = commit(message);
      assertThat(commit.id()).isEqualTo("the-id");
      assertThat(commit.metadata().time()).isEqualTo(TIME);
      assertThat(commit.metadata().correlationId()).isEqualTo("c");
      assertThat(commit.metadata().causationId()).isEqualTo("d");
      assertThat(commit.metadata().traceparent()).isEqualTo("t");
      assertThat(new String(commit.events().getFirst().data(), UTF_8))
          .isEqualTo("{\"m\":{\"user\":\"u\"},\"p\":{\"owner\":\"Ada\"}}");
    }

    @Test
    void an_identifier_that_no_commit_can_have_is_in_the_event() {
      EventMessage message = message("i".repeat(300), new MessageType("x"), "{}");
      assertSame(roundTrip(message).getFirst(), message);
    }
  }

  @Test
  void an_event_of_another_writer_is_an_error_that_says_where_it_is() {
    RecordedEvent event =
        new RecordedEvent(
            STREAM,
            7,
            "c",
            commit(message("1", new MessageType("x"), "{}")).events().getFirst().type(),
            "{}".getBytes(UTF_8),
            "[\"secret\"]".getBytes(UTF_8));
    assertThatThrownBy(() -> mapping.message(event))
        .isInstanceOf(EventStoreException.class)
        .hasMessageContaining("x#1 at Account:a@7")
        .hasMessageNotContaining("secret");
  }
}
