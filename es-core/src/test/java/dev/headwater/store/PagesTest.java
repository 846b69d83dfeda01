package dev.headwater.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final StreamId STREAM = new StreamId("Order", "1");
  private static final NewEvent EVENT =
      new NewEvent(new EventType("Placed", 1), "{}".getBytes(UTF_8));

  private final InMemoryEventStore store = new InMemoryEventStore();
  private final List<Long> pages = new ArrayList<>();
  private final ReadStream counting =
      (stream, from, direction, limit) -> {
        assertThat(limit).isEqualTo(ReadStream.PAGE);
        pages.add(from);
        return store.read(stream, from, direction, limit);
      };

  private int commits;

  private void append(int count, long atMicros) {
    if (count > Commit.MAX_EVENTS) {
      append(count - Commit.MAX_EVENTS, atMicros);
      append(Commit.MAX_EVENTS, atMicros);
      return;
    }
    store.appendAndWait(
        new Commit(
            "c" + commits++,
            STREAM,
            ExpectedVersion.any(),
            Metadata.atMicros(atMicros),
            Collections.nCopies(count, EVENT)));
  }

  private static List<Long> versions(Stream<RecordedEvent> events) {
    return events.map(RecordedEvent::version).toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Nested
  class Reading_all {
    @Test
    void of_a_stream_that_does_not_exist_gives_nothing() {
      assertThat(counting.readAll(STREAM, 1)).isEmpty();
      assertThat(counting.readBackward(STREAM)).isEmpty();
      assertThat(counting.readUntil(STREAM, Instant.MAX)).isEmpty();
    }

    @Test
    void goes_over_several_pages() {
      append(1_024, 0);
      append(1_024, 0);
      append(345, 0);

      assertThat(versions(counting.readAll(STREAM, 1))).isEqualTo(upTo(2_393));
      assertThat(pages).containsExactly(1L, 1_025L, 2_049L);
    }

    @Test
    void looks_behind_a_last_page_that_is_full() {
      append(1_024, 0);
      append(1_024, 0);

      assertThat(versions(counting.readAll(STREAM, 1))).isEqualTo(upTo(2_048));
      assertThat(pages).containsExactly(1L, 1_025L, 2_049L);
    }

    @Test
    void starts_where_it_is_told() {
      append(1_024, 0);
      append(10, 0);

      assertThat(versions(counting.readAll(STREAM, 1_033))).containsExactly(1_033L, 1_034L);
      assertThat(versions(counting.readAll(STREAM, 1_035))).isEmpty();
    }

    @Test
    void fetches_a_page_only_when_it_is_needed() {
      append(1_024, 0);
      append(1_024, 0);

      assertThat(versions(counting.readAll(STREAM, 1).limit(1_024))).isEqualTo(upTo(1_024));
      assertThat(pages).containsExactly(1L);
    }

    @Test
    void shows_what_is_appended_before_its_page_is_fetched() {
      append(1_024, 0);
      var events = counting.readAll(STREAM, 1).iterator();
      events.next();
      append(1, 0);

      List<Long> rest = new ArrayList<>();
      events.forEachRemaining(event -> rest.add(event.version()));
      assertThat(rest.getLast()).isEqualTo(1_025);
    }
  }

  @Nested
  class Reading_backward {
    @Test
    void goes_from_the_last_to_the_first() {
      append(1_024, 0);
      append(1_024, 0);
      append(345, 0);

      assertThat(versions(counting.readBackward(STREAM))).isEqualTo(upTo(2_393).reversed());
      assertThat(pages).containsExactly(Long.MAX_VALUE, 1_369L, 345L);
    }

    @Test
    void does_not_look_before_the_first() {
      append(1_024, 0);
      append(1_024, 0);

      assertThat(versions(counting.readBackward(STREAM))).isEqualTo(upTo(2_048).reversed());
      assertThat(pages).containsExactly(Long.MAX_VALUE, 1_024L);
    }
  }

  @Nested
  class Reading_until_a_moment {
    @Test
    void includes_the_moment_itself() {
      append(2, 10);
      append(1, 11);

      assertThat(versions(counting.readUntil(STREAM, Metadata.atMicros(10).time())))
          .containsExactly(1L, 2L);
      assertThat(versions(counting.readUntil(STREAM, Metadata.atMicros(9).time()))).isEmpty();
    }

    @Test
    void stops_at_the_first_later_event_though_a_slow_clock_wrote_behind_it() {
      append(1_024, 10);
      append(1, 20);
      append(1_024, 10);

      assertThat(versions(counting.readUntil(STREAM, Metadata.atMicros(15).time())))
          .isEqualTo(upTo(1_024));
      assertThat(pages).containsExactly(1L, 1_025L);
    }
  }
}
