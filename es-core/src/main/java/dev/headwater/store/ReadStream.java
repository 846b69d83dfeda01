package dev.headwater.store;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the events of one stream. Implemented by stores; called by the command path and by
 * auditors' tools.
 */
public interface ReadStream {
  /**
   * Events that {@link #readAll} and its relatives fetch at a time. Not a round number: a history
   * that ends with a page takes another call to see that it does.
   */
  int PAGE = 1_024;

  /**
   * At most {@code limit} events, in the direction given, from version {@code from} on (inclusive).
   * A stream that does not exist has none; a list shorter than {@code limit} has reached the end.
   *
   * @param from from 1; {@link Long#MAX_VALUE} with {@link Direction#BACKWARD} starts at the last
   *     event
   */
  List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit);

  /**
   * All events from version {@code from} on, in order, fetched page by page as they are consumed.
   */
  default Stream<RecordedEvent> readAll(StreamId stream, long from) {
    return Pages.of(this, stream, from, Direction.FORWARD);
  }

  /** All events from the last to the first, fetched page by page as they are consumed. */
  default Stream<RecordedEvent> readBackward(StreamId stream) {
    return readBackward(stream, Long.MAX_VALUE);
  }

  /**
   * All events from version {@code from} to the first, fetched page by page as they are consumed.
   */
  default Stream<RecordedEvent> readBackward(StreamId stream, long from) {
    return Pages.of(this, stream, from, Direction.BACKWARD);
  }

  /**
   * The events up to a moment of the domain's time: those before the first event that occurred
   * after {@code moment}. So the answer is a state that the aggregate really had, even if the
   * clocks of its writers were not in step. Reads from the start.
   */
  default Stream<RecordedEvent> readUntil(StreamId stream, Instant moment) {
    return readAll(stream, 1).takeWhile(event -> !event.metadata().time().isAfter(moment));
  }

  /** The order in which events are read. */
  enum Direction {
    /** Towards higher versions. */
    FORWARD,
    /** Towards version 1. */
    BACKWARD
  }
}
