package dev.headwater.axon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.axon.engine.PartitionsToken.Reached;
import dev.headwater.event.Position;
import java.util.List;
import org.axonframework.conversion.json.JacksonConverter;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.ReplayToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.junit.jupiter.api.Test;

class PartitionsTokenTest {
  private final JacksonConverter converter = new JacksonConverter();

  private static PartitionsToken token(long... sequences) {
    return ofEpoch(7, sequences);
  }

  private static PartitionsToken ofEpoch(long epoch, long... sequences) {
    List<Position> positions = new java.util.ArrayList<>();
    for (int p = 0; p < sequences.length; p++) {
      positions.add(new Position(p, epoch, sequences[p], sequences[p] + "-0"));
    }
    return PartitionsToken.at(positions);
  }

  @Test
  void it_covers_what_is_not_ahead_in_any_partition() {
    assertThat(token(2, 3).covers(token(2, 3))).isTrue();
    assertThat(token(2, 3).covers(token(1, 3))).isTrue();
    assertThat(token(2, 3).covers(token(1, 4))).isFalse();
    assertThat(token(2, 3).covers(null)).isTrue();
    assertThat(token(2, 3).covers(TrackingToken.FIRST)).isTrue();
    assertThat(token(2, 3).covers(TrackingToken.LATEST)).isFalse();
  }

  @Test
  void its_bounds_are_those_of_each_partition() {
    assertThat(token(2, 3).lowerBound(token(1, 4))).isEqualTo(token(1, 3));
    assertThat(token(2, 3).upperBound(token(1, 4))).isEqualTo(token(2, 4));
    assertThat(token(2).lowerBound(TrackingToken.FIRST)).isEqualTo(TrackingToken.FIRST);
    assertThat(token(2).upperBound(TrackingToken.FIRST)).isEqualTo(token(2));
    assertThat(token(2).lowerBound(TrackingToken.LATEST)).isEqualTo(token(2));
    assertThat(token(2).upperBound(TrackingToken.LATEST)).isEqualTo(TrackingToken.LATEST);
  }

  @Test
  void its_position_is_the_number_of_events_before_it() {
    assertThat(token(2, 3).position()).hasValue(5);
  }

  @Test
  void what_another_history_has_seen_counts_for_nothing() {
    assertThat(token(2).covers(ofEpoch(8, 9))).isTrue();
    assertThat(token(2).lowerBound(ofEpoch(8, 1))).isEqualTo(token(2));
    assertThat(token(2).covers(token(2, 3))).isTrue();
  }

  @Test
  void a_token_of_another_event_store_is_refused() {
    assertThatThrownBy(() -> token(2).covers(new GlobalSequenceTrackingToken(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reset the processor");
  }

  @Test
  void axons_converter_stores_it_and_reads_it_back() {
    PartitionsToken inside =
        new PartitionsToken(
            List.of(
                new Reached(new Position(0, 7, 3, "1700-2"), 5), token(0, 9).partitions().get(1)));
    byte[] stored = converter.convert(inside, byte[].class);
    assertThat(converter.<Object>convert(stored, PartitionsToken.class)).isEqualTo(inside);
  }

  @Test
  void axons_converter_stores_it_inside_a_replay() {
    TrackingToken replay = ReplayToken.createReplayToken(token(5, 9), token(1, 2));
    byte[] stored = converter.convert(replay, byte[].class);
    assertThat(converter.<Object>convert(stored, ReplayToken.class)).isEqualTo(replay);
  }
}
