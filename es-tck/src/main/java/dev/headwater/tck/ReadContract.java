package dev.headwater.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.ReadStream.Direction;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules of reading a stream. */
public abstract class ReadContract extends StoreContract {
  @Nested
  class Ranges {
    @Test
    void forward_from_a_version_up_to_a_limit() {
      StreamId stream = newStream();
      append(stream, 10);

      assertThat(versions(store().read(stream, 1, Direction.FORWARD, 100))).isEqualTo(range(1, 10));
      assertThat(versions(store().read(stream, 4, Direction.FORWARD, 3)))
          .containsExactly(4L, 5L, 6L);
      assertThat(versions(store().read(stream, 9, Direction.FORWARD, 5))).containsExactly(9L, 10L);
      assertThat(store().read(stream, 11, Direction.FORWARD, 5)).isEmpty();
    }

    @Test
    void backward_from_a_version_down_to_a_limit() {
      StreamId stream = newStream();
      append(stream, 10);

      assertThat(versions(store().read(stream, Long.MAX_VALUE, Direction.BACKWARD, 3)))
          .containsExactly(10L, 9L, 8L);
      assertThat(versions(store().read(stream, 4, Direction.BACKWARD, 2))).containsExactly(4L, 3L);
      assertThat(versions(store().read(stream, 2, Direction.BACKWARD, 9))).containsExactly(2L, 1L);
      assertThat(versions(store().read(stream, 99, Direction.BACKWARD, 1))).containsExactly(10L);
      assertThat(store().read(stream, 0, Direction.BACKWARD, 9)).isEmpty();
    }

    @Test
    void streams_of_thousands_of_events_are_read_page_by_page() {
      StreamId stream = newStream();
      append(stream, 1_000);
      append(stream, 1_000);
      append(stream, 500);

      assertThat(versions(readAll(stream))).isEqualTo(range(1, 2_500));
      assertThat(versions(store().readAll(stream, 1_700).toList())).isEqualTo(range(1_700, 2_500));
      assertThat(versions(store().readBackward(stream).toList()))
          .isEqualTo(range(1, 2_500).reversed());
      assertThat(versions(store().read(stream, 2, Direction.FORWARD, 2_200)))
          .isEqualTo(range(2, 2_201));
      assertThat(versions(store().read(stream, 2_400, Direction.BACKWARD, 2_200)))
          .isEqualTo(range(201, 2_400).reversed());
    }

    @Test
    void a_stream_whose_length_is_a_multiple_of_the_page_ends_there() {
      StreamId stream = newStream();
      append(stream, 1_000);
      append(stream, 1_000);

      assertThat(versions(readAll(stream))).isEqualTo(range(1, 2_000));
      assertThat(versions(store().readBackward(stream).toList()))
          .isEqualTo(range(1, 2_000).reversed());
    }

    @Test
    void a_missing_stream_is_empty_beside_one_that_is_not() {
      StreamId stream = newStream();
      append(stream, 1);

      assertThat(readAll(stream)).hasSize(1);
      assertThat(readAll(newStream())).isEmpty();
      assertThat(store().readBackward(newStream())).isEmpty();
    }

    @Test
    void what_one_call_stored_the_next_one_reads() {
      StreamId stream = newStream();
      for (int i = 1; i <= 20; i++) {
        append(stream, 1);
        assertThat(versions(store().read(stream, i, Direction.FORWARD, 10)))
            .containsExactly((long) i);
      }
    }
  }

  @Nested
  class Moments {
    @Test
    void reading_until_a_moment_ends_before_the_first_later_event() {
      StreamId stream = newStream();
      for (long second : List.of(10L, 20L, 15L, 30L, 5L)) {
        append(at(stream, Instant.ofEpochSecond(second)));
      }

      assertThat(versions(until(stream, 9))).isEmpty();
      assertThat(versions(until(stream, 10))).containsExactly(1L);
      assertThat(versions(until(stream, 20))).containsExactly(1L, 2L, 3L);
      assertThat(versions(until(stream, 29))).containsExactly(1L, 2L, 3L);
      assertThat(versions(until(stream, 30))).isEqualTo(range(1, 5));
    }

    private List<RecordedEvent> until(StreamId stream, long second) {
      return store().readUntil(stream, Instant.ofEpochSecond(second)).toList();
    }

    private Commit at(StreamId stream, Instant time) {
      return new Commit("at " + time, stream, ExpectedVersion.any(), Metadata.at(time), events(1));
    }
  }

  @Nested
  class Contents {
    @Test
    void an_event_comes_back_as_it_was_stored() {
      StreamId stream = newStream();
      Metadata metadata =
          new Metadata(
              1_700_000_000_123_456L,
              "corrélation",
              "cause \"1\"",
              "Ægir 🐟",
              "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
      Commit commit =
          new Commit(
              "command/42 ü",
              stream,
              ExpectedVersion.noStream(),
              metadata,
              List.of(
                  new NewEvent(new EventType("Order-Placed.v_2", 17), utf8("{\"t\":\"日本 🚀\\n\"}")),
                  event("Empty", "")));

      append(commit);

      List<RecordedEvent> stored = readAll(stream);
      assertThat(stored).hasSize(2);
      RecordedEvent first = stored.getFirst();
      assertThat(first.stream()).isEqualTo(stream);
      assertThat(first.version()).isEqualTo(1);
      assertThat(first.commitId()).isEqualTo("command/42 ü");
      assertThat(first.type()).isEqualTo(new EventType("Order-Placed.v_2", 17));
      assertThat(first.metadata()).isEqualTo(metadata);
      assertThat(first.data()).isEqualTo(utf8("{\"t\":\"日本 🚀\\n\"}"));
      assertThat(stored.getLast().data()).isEmpty();
      assertThat(stored.getLast().metadata()).isEqualTo(metadata);
    }

    @Test
    void unknown_origin_stays_unknown() {
      StreamId stream = newStream();
      append(stream, 1);

      assertThat(readAll(stream)).extracting(RecordedEvent::metadata).containsExactly(METADATA);
    }

    @Test
    void payloads_are_bytes() {
      StreamId stream = newStream();
      byte[] all = new byte[256 * 300];
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) i;
      }

      append(
          commit(stream, ExpectedVersion.noStream(), new NewEvent(new EventType("Raw", 1), all)));

      assertThat(readAll(stream)).hasSize(1);
      assertThat(readAll(stream).getFirst().data()).isEqualTo(all);
    }

    @Test
    void any_printable_text_is_a_stream_id() {
      List<StreamId> streams =
          Stream.of("a|b", "a:b", "a", "{1}", "} {", "a b", "|", "1|2|3|x#1", "日本🚀", "*?[a]", "%s")
              .map(id -> new StreamId("Odd.type-1_x", id))
              .toList();
      for (StreamId stream : streams) {
        append(commit(stream, ExpectedVersion.noStream(), event("Named", stream.id())));
      }

      for (StreamId stream : streams) {
        assertThat(readAll(stream)).as(stream.toString()).hasSize(1);
        assertThat(readAll(stream).getFirst().data()).isEqualTo(utf8(stream.id()));
        assertThat(readAll(stream).getFirst().stream()).isEqualTo(stream);
      }
    }

    private static byte[] utf8(String text) {
      return text.getBytes(UTF_8);
    }
  }
}
