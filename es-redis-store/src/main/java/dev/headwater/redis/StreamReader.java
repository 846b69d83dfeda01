package dev.headwater.redis;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.ReadStream;
import dev.headwater.store.ReadStream.Direction;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;

/** Reads aggregates' streams by range. */
final class StreamReader {
  /** How many entries one call may make the server collect. */
  private static final int PAGE = ReadStream.PAGE;

  private final Reads reads;
  private final Keys keys;
  private final EventTypes types;

  StreamReader(Reads reads, Keys keys, EventTypes types) {
    this.reads = reads;
    this.keys = keys;
    this.types = types;
  }

  List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
    byte[] key = keys.stream(stream);
    List<RecordedEvent> events = page(stream, key, from, direction, Math.min(limit, PAGE));
    List<RecordedEvent> last = events;
    while (events.size() < limit && last.size() == PAGE) {
      long next = last.getLast().version() + (direction == Direction.FORWARD ? 1 : -1);
      last = page(stream, key, next, direction, Math.min(limit - events.size(), PAGE));
      events = events.size() == PAGE ? new ArrayList<>(events) : events;
      events.addAll(last);
    }
    return events;
  }

  private List<RecordedEvent> page(
      StreamId stream, byte[] key, long from, Direction direction, int limit) {
    if (limit < 1 || (direction == Direction.BACKWARD && from < 1)) {
      return List.of();
    }
    CommandArgs<byte[], byte[]> args = Reads.args().addKey(key);
    boolean forward = direction == Direction.FORWARD;
    if (forward) {
      args.add(Math.max(1, from)).add("+");
    } else {
      args.add(from == Long.MAX_VALUE ? "+" : Long.toString(from)).add("-");
    }
    args.add("COUNT").add(limit);
    return reads.call(
        forward ? CommandType.XRANGE : CommandType.XREVRANGE,
        () -> new EventsReply(stream, types),
        args);
  }
}
