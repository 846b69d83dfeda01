package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.codec.EventCodec;
import dev.headwater.codec.UnknownEventException;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tutorial's last step: an event gets another shape. */
class UpcastingTest {
  private static final Instant DUE = Instant.parse("2026-03-30T10:00:00Z");

  // tag::new-shape
  record CopyLent(String member, Instant due, String branch) {}

  // end::new-shape

  // tag::upcaster
  static final EventCodec CODEC =
      EventCodec.builder()
          .event("CopyLent", 2, CopyLent.class)
          .upcaster("CopyLent", 1, json -> json.put("branch", "main"))
          .build();

  // end::upcaster

  @Test
  void an_event_of_the_old_shape_is_read_in_the_new_one() {
    RecordedEvent old = stored(new TutorialTest.CopyLent("anna", DUE));
    // tag::decode
    assertThat(old.type().toString()).isEqualTo("CopyLent#1");
    assertThat(CODEC.decode(old)).isEqualTo(new CopyLent("anna", DUE, "main"));
    // end::decode
  }

  @Test
  void without_an_upcaster_the_error_names_the_event() {
    RecordedEvent old = stored(new TutorialTest.CopyLent("anna", DUE));
    EventCodec forgetful = EventCodec.builder().event("CopyLent", 2, CopyLent.class).build();

    assertThatThrownBy(() -> forgetful.decode(old))
        .isInstanceOf(UnknownEventException.class)
        .hasMessage(
            "event CopyLent#1 of stream Copy:moby-dick-1 at version 1 can't be read: the registered"
                + " revision is 2 and there is no upcaster from revision 1");
  }

  private static RecordedEvent stored(CopyEvent event) {
    EventStore store = new InMemoryEventStore();
    StreamId stream = new StreamId("Copy", "moby-dick-1");
    store.appendAndWait(
        new Commit(
            "command-1",
            stream,
            ExpectedVersion.noStream(),
            Metadata.at(DUE),
            List.of(TutorialTest.CODEC.encode(event))));
    return store.readAll(stream, 1).findFirst().orElseThrow();
  }
}
