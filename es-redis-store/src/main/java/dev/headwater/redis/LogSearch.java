package dev.headwater.redis;

import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;
import io.lettuce.core.protocol.CommandType;
import java.util.List;

/** Finds the log's reference to an event, from the end of the log backward. */
final class LogSearch {
  private static final int FIRST_PAGE = 20;
  private static final int PAGE = 1_000;

  private final Reads reads;
  private final Keys keys;

  LogSearch(Reads reads, Keys keys) {
    this.reads = reads;
    this.keys = keys;
  }

  LogReference find(int partition, StreamId stream, long version) {
    String name = stream.toString();
    String end = "+";
    int count = FIRST_PAGE; // mostly it is a retry of a moment ago
    while (true) {
      List<LogEntry> page =
          reads.call(
              CommandType.XREVRANGE,
              LogReply::new,
              Reads.args().addKey(keys.log(partition)).add(end).add("-").add("COUNT").add(count));
      for (LogEntry entry : page) {
        for (LogReference reference : entry.references()) {
          if (reference.stream().equals(name)
              && reference.first() <= version
              && version <= reference.lastVersion()) {
            return reference;
          }
        }
      }
      if (page.size() < count) {
        throw new EventStoreException(
            "version "
                + version
                + " of "
                + stream
                + " is stored, but partition "
                + partition
                + "'s log doesn't refer to it");
      }
      end = "(" + page.getLast().logId();
      count = PAGE;
    }
  }
}
