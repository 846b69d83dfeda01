package dev.headwater.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.EventType;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class EventCodecTest {
  sealed interface OrderEvent {}

  /** Revision 3. Revision 1 had {@code qty}, revision 2 {@code quantity} and no venue. */
  record Placed(String symbol, long quantity, String venue, @Nullable String note)
      implements OrderEvent {}

  sealed interface Closed extends OrderEvent {}

  record Filled(BigDecimal price, Instant at) implements Closed {}

  record Cancelled() implements Closed {}

  record Legs(List<@Nullable String> names, Map<String, Side> sides) implements OrderEvent {}

  enum Side {
    BUY,
    SELL {
      @Override
      boolean isShort() {
        return true;
      }
    };

    boolean isShort() {
      return false;
    }
  }

  private static EventCodec.Builder builder() {
    return EventCodec.builder()
        .event("OrderPlaced", 3, Placed.class)
        .event("OrderFilled", 1, Filled.class)
        .event("OrderCancelled", 1, Cancelled.class)
        .event("OrderLegs", 1, Legs.class)
        .complete(OrderEvent.class);
  }

  private final EventCodec codec =
      builder()
          .upcaster("OrderPlaced", 1, old -> old.put("quantity", old.remove("qty").asLong()))
          .upcaster("OrderPlaced", 2, old -> old.put("venue", "XETR"))
          .build();

  private static RecordedEvent stored(String type, String json) {
    return new RecordedEvent(
        new StreamId("Order", "7"),
        4,
        "commit",
        EventType.parse(type),
        "{}".getBytes(UTF_8),
        json.getBytes(UTF_8));
  }

  private Object roundTrip(Object event) {
    NewEvent encoded = codec.encode(event);
    return codec.decode(stored(encoded.type().toString(), json(encoded)));
  }

  private static String json(NewEvent event) {
    return new String(event.data(), UTF_8);
  }

  @Nested
  class An_event {
    @Test
    void is_stored_under_its_name_and_revision_as_small_JSON() {
      NewEvent encoded = codec.encode(new Placed("SAP", 10, "XETR", null));
      assertThat(encoded.type()).isEqualTo(new EventType("OrderPlaced", 3));
      assertThat(json(encoded))
          .isEqualTo("{\"symbol\":\"SAP\",\"quantity\":10,\"venue\":\"XETR\"}");
      assertThat(json(codec.encode(new Cancelled()))).isEqualTo("{}");
    }

    @Test
    void comes_back_as_it_was() {
      for (Object event :
          List.of(
              new Placed("SAP", Long.MAX_VALUE, "", "Größe 日本 🎺 \"\\\n\u0000"),
              new Placed("SAP", -1, "XETR", null),
              new Cancelled(),
              new Filled(new BigDecimal("1.10"), Instant.parse("2026-01-01T10:00:00.123456789Z")),
              new Filled(new BigDecimal("0.1234567890123456789012345678901"), Instant.EPOCH),
              new Filled(new BigDecimal("1E+3"), Instant.EPOCH),
              new Legs(List.of("a", "b"), Map.of("x", Side.BUY, "y", Side.SELL)))) {
        assertThat(roundTrip(event)).isEqualTo(event);
      }
    }

    @Test
    void keeps_the_places_of_absent_elements_of_its_lists() {
      Legs legs = new Legs(Arrays.asList("a", null, "c"), Map.of());
      assertThat(roundTrip(legs)).isEqualTo(legs);
    }

    @Test
    void never_carries_a_class_name() {
      for (Object event :
          List.of(
              new Placed("SAP", 1, "XETR", "note"),
              new Cancelled(),
              new Filled(BigDecimal.ONE, Instant.EPOCH),
              new Legs(List.of("a"), Map.of("x", Side.SELL)))) {
        NewEvent encoded = codec.encode(event);
        assertThat(encoded.type() + json(encoded))
            .doesNotContain(
                "dev.headwater",
                "java.",
                "@class",
                event.getClass().getSimpleName() + "\"",
                "EventCodecTest");
      }
    }

    @Test
    void may_have_fields_that_this_version_does_not_know() {
      assertThat(codec.decode(stored("OrderCancelled#1", "{\"reason\":{\"a\":[1]}}")))
          .isEqualTo(new Cancelled());
    }

    @Test
    void of_a_class_that_is_not_registered_can_not_be_encoded() {
      assertThatThrownBy(() -> codec.encode("text"))
          .isInstanceOf(UnknownEventException.class)
          .hasMessage(
              "event class java.lang.String is not registered; add it to the EventCodec with"
                  + " event(name, revision, class)");
    }
  }

  @Nested
  class An_older_revision {
    @Test
    void is_lifted_step_by_step() {
      Placed lifted = new Placed("SAP", 10, "XETR", null);
      assertThat(codec.decode(stored("OrderPlaced#1", "{\"symbol\":\"SAP\",\"qty\":10}")))
          .isEqualTo(lifted);
      assertThat(codec.decode(stored("OrderPlaced#2", "{\"symbol\":\"SAP\",\"quantity\":10}")))
          .isEqualTo(lifted);
    }

    @Test
    void keeps_decimals_exact_while_it_is_lifted() {
      EventCodec lifting =
          EventCodec.builder()
              .event("OrderFilled", 2, Filled.class)
              .upcaster("OrderFilled", 1, old -> old.put("at", "1970-01-01T00:00:00Z"))
              .build();
      for (String price : List.of("1.10", "0.1234567890123456789012345678901", "100")) {
        assertThat(lifting.decode(stored("OrderFilled#1", "{\"price\":" + price + "}")))
            .isEqualTo(new Filled(new BigDecimal(price), Instant.EPOCH));
      }
    }

    @Test
    void without_an_upcaster_names_stream_version_and_event() {
      EventCodec gap = builder().upcaster("OrderPlaced", 1, old -> old).build();
      assertThatThrownBy(() -> gap.decode(stored("OrderPlaced#1", "{}")))
          .isInstanceOf(UnknownEventException.class)
          .hasMessage(
              "event OrderPlaced#1 of stream Order:7 at version 4 can't be read: the registered"
                  + " revision is 3 and there is no upcaster from revision 2");
    }

    @Test
    void whose_upcaster_fails_names_stream_version_and_event() {
      assertThatThrownBy(() -> codec.decode(stored("OrderPlaced#1", "{\"symbol\":\"SAP\"}")))
          .isInstanceOf(UnreadableEventException.class)
          .hasMessageStartingWith(
              "payload can't be read: Order:7@4 OrderPlaced#1 {\"symbol\":\"SAP\"}: ")
          .hasCauseInstanceOf(NullPointerException.class);
    }

    @Test
    @SuppressWarnings("NullAway")
    void whose_upcaster_gives_nothing_names_stream_version_and_event() {
      EventCodec broken = builder().upcaster("OrderPlaced", 2, old -> null).build();
      assertThatThrownBy(() -> broken.decode(stored("OrderPlaced#2", "{}")))
          .isInstanceOf(UnreadableEventException.class)
          .hasMessage("payload can't be read: Order:7@4 OrderPlaced#2 {}: the upcaster gave null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "{", "{}}"})
    void that_is_no_object_names_stream_version_and_event(String payload) {
      assertThatThrownBy(() -> codec.decode(stored("OrderPlaced#1", payload)))
          .isInstanceOf(UnreadableEventException.class)
          .hasMessageStartingWith("payload can't be read: Order:7@4 OrderPlaced#1 " + payload);
    }
  }

  @Nested
  class An_event_that_is_not_known {
    @Test
    void by_its_name_is_named_with_stream_and_version() {
      assertThatThrownBy(() -> codec.decode(stored("OrderMoved#1", "{}")))
          .isInstanceOf(UnknownEventException.class)
          .hasMessage(
              "event OrderMoved#1 of stream Order:7 at version 4 has a name that is not"
                  + " registered; add it to the EventCodec");
    }

    @Test
    void by_a_newer_revision_asks_for_a_newer_application() {
      assertThatThrownBy(() -> codec.decode(stored("OrderPlaced#4", "{}")))
          .isInstanceOf(UnknownEventException.class)
          .hasMessage(
              "event OrderPlaced#4 of stream Order:7 at version 4 can't be read: the registered"
                  + " revision is 3, older than the event; run a newer version of the"
                  + " application");
    }
  }

  @Nested
  class A_payload_that_is_not_what_its_type_says {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "null",
          "[]",
          "7",
          "{",
          "{}}",
          "{\"quantity\":\"ten\"}",
          "{\"quantity\":null}"
        })
    void is_named_with_stream_and_version(String payload) {
      assertThatThrownBy(() -> codec.decode(stored("OrderPlaced#3", payload)))
          .isInstanceOf(UnreadableEventException.class)
          .hasMessageStartingWith("payload can't be read: Order:7@4 OrderPlaced#3 " + payload);
    }

    @Test
    void says_why_in_one_line() {
      assertThatThrownBy(() -> codec.decode(stored("OrderPlaced#3", "{\"quantity\":\"ten\"}")))
          .hasMessageContaining("\"ten\"")
          .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
  }

  @Nested
  class Building {
    @Test
    void finds_the_records_of_nested_families_that_are_not_registered() {
      assertThatThrownBy(
              () ->
                  EventCodec.builder()
                      .event("OrderPlaced", 3, Placed.class)
                      .event("OrderCancelled", 1, Cancelled.class)
                      .event("OrderLegs", 1, Legs.class)
                      .complete(OrderEvent.class)
                      .build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "events of "
                  + OrderEvent.class.getName()
                  + " that are not registered: ["
                  + Filled.class
                  + "]");
    }

    @Test
    void refuses_a_name_twice_also_under_another_revision() {
      assertThatThrownBy(() -> builder().event("OrderPlaced", 4, ObjectNode.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("event name OrderPlaced is registered twice");
    }

    @Test
    void refuses_a_class_twice() {
      assertThatThrownBy(() -> builder().event("Again", 1, Placed.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("event class " + Placed.class.getName() + " is registered twice");
    }

    @Test
    void refuses_two_upcasters_from_one_revision() {
      EventCodec.Builder builder = builder().upcaster("OrderPlaced", 1, old -> old);
      assertThatThrownBy(() -> builder.upcaster("OrderPlaced", 1, old -> old))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("event OrderPlaced#1 has two upcasters");
    }

    @Test
    void refuses_a_name_that_can_not_be_stored() {
      assertThatThrownBy(() -> EventCodec.builder().event("Order|Placed", 1, Placed.class))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Whether_a_type_carries_an_event_of_a_class {
    private boolean carries(String type, Class<?>... classes) {
      return codec.carries(EventType.parse(type), Set.of(classes));
    }

    @Test
    void is_true_for_its_class_and_its_families() {
      assertThat(carries("OrderFilled#1", Filled.class)).isTrue();
      assertThat(carries("OrderFilled#1", Closed.class)).isTrue();
      assertThat(carries("OrderFilled#1", OrderEvent.class)).isTrue();
      assertThat(carries("OrderFilled#1", Placed.class, Filled.class)).isTrue();
    }

    @Test
    void is_false_for_other_classes() {
      assertThat(carries("OrderFilled#1", Placed.class)).isFalse();
      assertThat(carries("OrderPlaced#3", Closed.class)).isFalse();
      assertThat(carries("OrderPlaced#3")).isFalse();
    }

    @Test
    void is_told_for_older_revisions_too() {
      assertThat(carries("OrderPlaced#1", Placed.class)).isTrue();
      assertThat(carries("OrderPlaced#2", Filled.class)).isFalse();
    }

    @Test
    void is_true_for_what_can_not_be_read_so_that_it_is_not_skipped_silently() {
      assertThat(carries("OrderMoved#1", Placed.class)).isTrue();
      assertThat(carries("OrderPlaced#4", Filled.class)).isTrue();
    }
  }
}
