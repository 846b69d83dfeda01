package dev.headwater.redis;

import dev.headwater.event.EventType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A reference to adjacent events of one stream, one of those that an entry of a partition's log
 * holds.
 *
 * @param logId the entry's id in the log
 * @param sequence that of its first event
 * @param stream {@code type:id}
 * @param first version of its first event
 * @param count how many events
 * @param names comma-separated {@code name#revision}, with {@code *n} behind one that holds for n
 *     events in a row
 */
record LogReference(
    String logId, long sequence, String stream, long first, int count, String names) {

  long lastSequence() {
    return sequence + count - 1;
  }

  long lastVersion() {
    return first + count - 1;
  }

  /** The type of each event. */
  List<EventType> types(EventTypes known) {
    if (count == 1 || names.indexOf(',') < 0) {
      int star = names.indexOf('*');
      EventType type = known.get(star < 0 ? names : names.substring(0, star));
      return Collections.nCopies(count, type);
    }
    List<EventType> types = new ArrayList<>(count);
    for (String run : names.split(",")) {
      int star = run.indexOf('*');
      EventType type = known.get(star < 0 ? run : run.substring(0, star));
      int times = star < 0 ? 1 : Integer.parseInt(run, star + 1, run.length(), 10);
      for (int i = 0; i < times; i++) {
        types.add(type);
      }
    }
    return types;
  }
}
