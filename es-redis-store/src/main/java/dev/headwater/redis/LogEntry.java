package dev.headwater.redis;

import dev.headwater.event.EventType;
import dev.headwater.store.EventStoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * A reference in a partition's log to adjacent events of one stream, stored as {@code
 * sequence|type:id|first version|count|names}.
 *
 * @param logId the entry's id in the log
 * @param sequence that of its first event
 * @param stream {@code type:id}
 * @param first version of its first event
 * @param count how many events
 * @param names comma-separated {@code name#revision}, with {@code *n} behind one that holds for n
 *     events in a row
 */
record LogEntry(String logId, long sequence, String stream, long first, int count, String names) {

  /** Parses from both ends, because only the stream's id may contain the separator. */
  static LogEntry parse(String logId, String reference) {
    try {
      int stream = reference.indexOf('|');
      int names = reference.lastIndexOf('|');
      int count = reference.lastIndexOf('|', names - 1);
      int first = reference.lastIndexOf('|', count - 1);
      return new LogEntry(
          logId,
          Long.parseLong(reference, 0, stream, 10),
          reference.substring(stream + 1, first),
          Long.parseLong(reference, first + 1, count, 10),
          Integer.parseInt(reference, count + 1, names, 10),
          reference.substring(names + 1));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new EventStoreException(
          "entry " + logId + " of a partition log is not a reference: '" + reference + "'", e);
    }
  }

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
      return java.util.Collections.nCopies(count, type);
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
