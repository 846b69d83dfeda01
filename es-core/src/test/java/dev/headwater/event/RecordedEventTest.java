package dev.headwater.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RecordedEventTest {
  private static RecordedEvent event(String metadata) {
    return new RecordedEvent(
        new StreamId("Order", "1"),
        3,
        "commit",
        new EventType("Placed", 2),
        metadata.getBytes(UTF_8),
        "{\"n\":1}".getBytes(UTF_8));
  }

  @Nested
  class Metadata_of_an_event {
    @Test
    void is_decoded_once_when_it_is_asked_for() {
      RecordedEvent event = event("{\"at\":5}");
      assertThat(event.metadata()).isEqualTo(Metadata.atMicros(5)).isSameAs(event.metadata());
    }

    @Test
    void that_is_broken_disturbs_only_who_asks_for_it() {
      RecordedEvent event = event("broken");
      assertThat(event.version()).isEqualTo(3);
      assertThatThrownBy(event::metadata)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not event metadata: broken");
    }
  }

  @Nested
  class An_event_in_a_message {
    @Test
    void says_where_it_is_and_what_it_holds() {
      assertThat(event("{}")).hasToString("Order:1@3 Placed#2 {\"n\":1}");
      assertThat(new NewEvent(new EventType("Placed", 2), "{}".getBytes(UTF_8)))
          .hasToString("Placed#2 {}");
    }
  }

  @Nested
  class An_event {
    @Test
    void gives_back_what_it_was_made_of() {
      RecordedEvent event = event("{\"at\":5}");
      assertThat(event.stream()).isEqualTo(new StreamId("Order", "1"));
      assertThat(event.commitId()).isEqualTo("commit");
      assertThat(event.type()).isEqualTo(new EventType("Placed", 2));
      assertThat(event.data()).asString(UTF_8).isEqualTo("{\"n\":1}");
    }
  }
}
