package dev.headwater.redis.check;

import java.util.List;
import java.util.Optional;

/**
 * A partition as it is stored: damaged things come through instead of being refused. Implemented by
 * the store, for {@link PartitionCheck}. Reads that fail throw {@link
 * dev.headwater.store.EventStoreException}.
 */
public interface StoredPartition {
  /** Its number, from 0. */
  int number();

  /** Where it says that it ends; empty if it doesn't. */
  Optional<Head> head();

  /**
   * The references in the first entries of the log behind an id, in order; {@code 0-0} is before
   * the first. Fewer than {@code limit} only where the log ends.
   *
   * @param limit of the entries
   */
  List<Reference> log(String after, int limit);

  /** The first events of a stream behind an entry id, in order; {@code 0-0} is before the first. */
  List<StoredEvent> stream(String name, String after, int limit);

  /**
   * Some of its streams: each one that is there all the time comes at least once before {@link
   * Streams#cursor} is {@code 0} again, which it is at first.
   */
  Streams streams(String cursor);

  /** Number of its last event, and id of the log entry that refers to it. */
  record Head(long sequence, String logId) {}

  /**
   * A reference in the log.
   *
   * @param logId id of the entry that it is in
   * @param text the whole entry as it is stored
   * @param count 0 if the entry can't be read, and then only {@code logId} and {@code text} count
   */
  record Reference(String logId, String text, long sequence, String stream, long first, int count) {
    long last() {
      return first + count - 1;
    }

    long lastSequence() {
      return sequence + count - 1;
    }
  }

  /** An event's entry id and the commit that it belongs to. */
  record StoredEvent(String id, String commitId) {}

  /** Names ({@code <type>:<id>}) and where to go on. */
  record Streams(String cursor, List<String> names) {}
}
