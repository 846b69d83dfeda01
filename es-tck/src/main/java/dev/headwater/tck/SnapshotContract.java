package dev.headwater.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.KeepSnapshots;
import dev.headwater.store.ReadStream;
import dev.headwater.store.ReadStream.Direction;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import dev.headwater.store.SnapshotAndTail.FromStart;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules of keeping snapshots, for stores that are {@link KeepSnapshots} too. */
public abstract class SnapshotContract extends StoreContract {
  private static final String SCHEMA = "Counter#1";

  private KeepSnapshots snapshots() {
    assertThat(store()).isInstanceOf(KeepSnapshots.class);
    return (KeepSnapshots) store();
  }

  private SnapshotAndTail load(StreamId stream) {
    return snapshots().loadFromSnapshot(stream, SCHEMA);
  }

  private Snapshot of(StreamId stream, long version, String schema, String state) {
    RecordedEvent event = store().read(stream, version, Direction.FORWARD, 1).getFirst();
    return new Snapshot(version, event.commitId(), schema, state.getBytes(UTF_8));
  }

  private boolean save(StreamId stream, long version, String state) {
    return snapshots().saveSnapshot(stream, of(stream, version, SCHEMA, state));
  }

  private void assertKept(StreamId stream, long version, String state) {
    assertThat(load(stream))
        .isInstanceOfSatisfying(
            FromSnapshot.class,
            found -> {
              assertThat(found.snapshot().version()).isEqualTo(version);
              assertThat(new String(found.snapshot().state(), UTF_8)).isEqualTo(state);
            });
  }

  @Nested
  class Loading {
    @Test
    void without_a_snapshot_gives_the_events_from_the_first_on() {
      StreamId stream = newStream();
      append(stream, 3);

      assertThat(load(stream)).isInstanceOf(FromStart.class);
      assertThat(versions(load(stream).tail())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void gives_the_snapshot_and_the_events_behind_it() {
      StreamId stream = newStream();
      append(stream, 3);
      append(stream, 2);
      assertThat(save(stream, 3, "three")).isTrue();

      assertKept(stream, 3, "three");
      assertThat(versions(load(stream).tail())).containsExactly(4L, 5L);
      assertThat(load(stream).tail().getFirst().data()).isEqualTo("{\"n\":0}".getBytes(UTF_8));
    }

    @Test
    void of_a_snapshot_of_the_last_event_needs_no_event() {
      StreamId stream = newStream();
      append(stream, 3);
      save(stream, 3, "three");

      assertKept(stream, 3, "three");
      assertThat(load(stream).tail()).isEmpty();
    }

    @Test
    void gives_one_page_of_a_long_tail() {
      StreamId stream = newStream();
      append(stream, 1_000);
      append(stream, 600);
      save(stream, 100, "hundred");

      assertThat(versions(load(stream).tail())).isEqualTo(range(101, 100 + ReadStream.PAGE));
      assertThat(versions(snapshots().loadFromSnapshot(stream, "Other#1").tail()))
          .isEqualTo(range(1, ReadStream.PAGE));
    }

    @Test
    void takes_a_snapshot_of_another_schema_as_none() {
      StreamId stream = newStream();
      append(stream, 3);
      save(stream, 2, "two");

      assertThat(snapshots().loadFromSnapshot(stream, "Counter#2")).isInstanceOf(FromStart.class);
      assertThat(versions(snapshots().loadFromSnapshot(stream, "Counter#2").tail()))
          .containsExactly(1L, 2L, 3L);
    }

    @Test
    void gives_back_every_byte() {
      StreamId stream = new StreamId("Odd.type-1_x", "a|b {1} 日本🚀");
      append(new Commit("command 1 ü", stream, ExpectedVersion.any(), METADATA, events(1)));
      byte[] state = new byte[256 * 300];
      for (int i = 0; i < state.length; i++) {
        state[i] = (byte) (i % 7 == 0 ? '\n' : i);
      }

      snapshots().saveSnapshot(stream, new Snapshot(1, "command 1 ü", "Zähler#1", state));

      assertThat(snapshots().loadFromSnapshot(stream, "Zähler#1"))
          .isInstanceOfSatisfying(
              FromSnapshot.class,
              found -> {
                assertThat(found.snapshot().state()).isEqualTo(state);
                assertThat(found.snapshot().commitId()).isEqualTo("command 1 ü");
                assertThat(found.snapshot().schema()).isEqualTo("Zähler#1");
              });
    }

    @Test
    void keeps_streams_apart() {
      StreamId stream = newStream();
      StreamId other = newStream();
      append(stream, 2);
      append(other, 2);
      save(stream, 2, "two");

      assertKept(stream, 2, "two");
      assertThat(load(other)).isInstanceOf(FromStart.class);
    }
  }

  @Nested
  class Saving {
    @Test
    void replaces_an_earlier_one_and_one_of_the_same_event() {
      StreamId stream = newStream();
      append(stream, 3);

      assertThat(save(stream, 1, "one")).isTrue();
      assertThat(save(stream, 2, "two")).isTrue();
      assertThat(save(stream, 2, "two again")).isTrue();
      assertKept(stream, 2, "two again");
    }

    @Test
    void does_not_replace_a_later_one() {
      StreamId stream = newStream();
      append(stream, 30);
      save(stream, 10, "ten");

      assertThat(save(stream, 9, "nine")).isFalse();
      assertKept(stream, 10, "ten");
    }

    @Test
    void replaces_one_of_another_schema_whatever_its_version() {
      StreamId stream = newStream();
      append(stream, 3);
      snapshots().saveSnapshot(stream, of(stream, 3, "Counter#2", "newer"));

      assertThat(save(stream, 2, "two")).isTrue();
      assertKept(stream, 2, "two");
    }

    @Test
    void is_refused_for_an_event_that_is_not_stored() {
      StreamId stream = newStream();
      append(stream, 2);
      Snapshot ahead = new Snapshot(3, of(stream, 2, SCHEMA, "").commitId(), SCHEMA, new byte[1]);
      Snapshot other = new Snapshot(2, "another commit", SCHEMA, new byte[1]);

      assertThat(snapshots().saveSnapshot(stream, ahead)).isFalse();
      assertThat(snapshots().saveSnapshot(stream, other)).isFalse();
      assertThat(load(stream)).isInstanceOf(FromStart.class);
    }

    @Test
    void at_the_same_time_leaves_the_latest() {
      StreamId stream = newStream();
      append(stream, 200);

      Race.run(
          8,
          racer -> {
            for (int i = 0; i < 20; i++) {
              int version = 1 + (i * 37 + racer * 25) % 200;
              save(stream, version, "state " + version);
            }
            save(stream, 193 + racer, "state " + (193 + racer));
          });

      assertKept(stream, 200, "state 200");
    }
  }
}
