package dev.headwater.projection;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.projection.ParkedQueue.Pointer;
import dev.headwater.store.ReadStream;
import dev.headwater.store.ReadStream.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds in the store what pointers lead to. */
record StoredEvents(ReadStream store) {
  /** The event of each pointer, in their order; all are of one stream. */
  List<WaitingEvent> of(StreamId stream, List<Pointer> pointers) {
    Map<Long, RecordedEvent> stored = new HashMap<>();
    int next = 0;
    while (next < pointers.size()) {
      int end = endOfPage(pointers, next);
      long first = pointers.get(next).version();
      int span = (int) (pointers.get(end - 1).version() - first + 1);
      for (RecordedEvent event : store.read(stream, first, Direction.FORWARD, span)) {
        stored.put(event.version(), event);
      }
      next = end;
    }
    List<WaitingEvent> found = new ArrayList<>();
    for (Pointer pointer : pointers) {
      found.add(resolved(pointer, stored.get(pointer.version())));
    }
    return found;
  }

  /** Pointers that are near to each other are read at once. */
  private static int endOfPage(List<Pointer> pointers, int start) {
    int end = start + 1;
    long limit = pointers.get(start).version() + ReadStream.PAGE;
    while (end < pointers.size() && pointers.get(end).version() < limit) {
      end++;
    }
    return end;
  }

  private static WaitingEvent resolved(Pointer pointer, @Nullable RecordedEvent event) {
    boolean same = event != null && event.type().equals(pointer.type());
    return new WaitingEvent(
        pointer.version(), pointer.sequence(), pointer.type(), same ? event : null);
  }
}
