package dev.headwater.store;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.ReadStream.Direction;
import java.util.List;
import java.util.stream.Stream;

/** Reads a stream of any length as a lazy sequence of pages. */
final class Pages {
  private Pages() {}

  static Stream<RecordedEvent> of(
      ReadStream reader, StreamId stream, long from, Direction direction) {
    List<RecordedEvent> first = reader.read(stream, from, direction, ReadStream.PAGE);
    return Stream.iterate(
            first, page -> !page.isEmpty(), page -> after(reader, stream, page, direction))
        .flatMap(List::stream);
  }

  private static List<RecordedEvent> after(
      ReadStream reader, StreamId stream, List<RecordedEvent> page, Direction direction) {
    long last = page.getLast().version();
    long next = direction == Direction.FORWARD ? last + 1 : last - 1;
    return page.size() < ReadStream.PAGE || next < 1
        ? List.of()
        : reader.read(stream, next, direction, ReadStream.PAGE);
  }
}
