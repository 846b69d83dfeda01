package dev.headwater.redis;

import dev.headwater.store.EventStoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry of a partition's log: the references to all events that one call of the append script
 * stored, in their order. Stored as the sequence of the first event, {@code |}, and a line for each
 * reference, {@code type:id|first version|count|names}; no names where they are those of the line
 * before.
 *
 * @param logId its id in the log
 * @param references at least one; each begins with the sequence behind the one before
 */
record LogEntry(String logId, List<LogReference> references) {

  /** Parses each line from its end, because only the stream's id may contain the separator. */
  static LogEntry parse(String logId, String text) {
    try {
      int start = text.indexOf('|');
      long sequence = Long.parseLong(text, 0, start, 10);
      List<LogReference> references = new ArrayList<>(1);
      for (int line = start + 1; line <= text.length(); ) {
        int feed = text.indexOf('\n', line);
        int end = feed < 0 ? text.length() : feed;
        String before = references.isEmpty() ? "" : references.getLast().names();
        LogReference reference = reference(logId, sequence, text, line, end, before);
        references.add(reference);
        sequence += reference.count();
        line = end + 1;
      }
      return new LogEntry(logId, references);
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new EventStoreException(
          "entry " + logId + " of a partition log is no list of references: '" + text + "'", e);
    }
  }

  private static LogReference reference(
      String logId, long sequence, String text, int from, int end, String namesBefore) {
    int names = text.lastIndexOf('|', end - 1);
    int count = text.lastIndexOf('|', names - 1);
    int first = text.lastIndexOf('|', count - 1);
    return new LogReference(
        logId,
        sequence,
        text.substring(from, first),
        Long.parseLong(text, first + 1, count, 10),
        Integer.parseInt(text, count + 1, names, 10),
        names + 1 == end ? namesBefore : text.substring(names + 1, end));
  }

  /** That of its first event. */
  long sequence() {
    return references.getFirst().sequence();
  }

  long lastSequence() {
    return references.getLast().lastSequence();
  }

  /** Whether it refers to the event with this sequence. */
  boolean contains(long sequence) {
    return sequence() <= sequence && sequence <= lastSequence();
  }
}
