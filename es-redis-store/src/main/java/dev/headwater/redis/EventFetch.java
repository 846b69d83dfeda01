package dev.headwater.redis;

import dev.headwater.event.EventType;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.StoreWentBackException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the events that log entries refer to: one call for adjacent versions of one stream, all
 * calls in one flush, none for what nobody wants.
 */
final class EventFetch {
  /** How many entries one call may make the server collect. */
  private static final int MAX_RANGE = 1_000;

  private final int entries;
  private final List<Part> parts;
  private final List<Range> ranges;

  private EventFetch(int entries, List<Part> parts, List<Range> ranges) {
    this.entries = entries;
    this.parts = parts;
    this.ranges = ranges;
  }

  /**
   * The wanted part of a reference, from one index to another; no range where nothing is wanted.
   */
  private record Part(LogReference reference, List<EventType> types, @Nullable Range range) {}

  private static final class Range {
    final StreamId stream;
    final long first;
    long last;
    CompletableFuture<List<RecordedEvent>> events = new CompletableFuture<>();

    Range(StreamId stream, long first, long last) {
      this.stream = stream;
      this.first = first;
      this.last = last;
    }
  }

  /** Plans the calls for some entries of one partition. */
  static EventFetch plan(List<LogEntry> entries, EventTypes known, Predicate<EventType> wanted) {
    List<Part> parts = new ArrayList<>(entries.size());
    List<Range> ranges = new ArrayList<>();
    Map<String, Range> open = new HashMap<>();
    for (LogEntry entry : entries) {
      for (LogReference reference : entry.references()) {
        List<EventType> types = reference.types(known);
        int from = 0;
        int to = types.size() - 1;
        while (from <= to && !wanted.test(types.get(from))) {
          from++;
        }
        while (from < to && !wanted.test(types.get(to))) {
          to--;
        }
        long first = reference.first() + from;
        long last = reference.first() + to;
        Range range = from > to ? null : range(reference.stream(), first, last, open, ranges);
        parts.add(new Part(reference, types, range));
      }
    }
    return new EventFetch(entries.size(), parts, ranges);
  }

  private static Range range(
      String stream, long first, long last, Map<String, Range> open, List<Range> ranges) {
    Range range = open.get(stream);
    if (range != null && range.last + 1 == first && last - range.first < MAX_RANGE) {
      range.last = last;
      return range;
    }
    range = new Range(StreamId.parse(stream), first, last);
    open.put(stream, range);
    ranges.add(range);
    return range;
  }

  /** Sends the calls; completes when all are answered, which is when the last one is. */
  CompletableFuture<EventFetch> send(SubscriptionConnections connections, int partition) {
    for (Range range : ranges) {
      range.events = connections.events(partition, range.stream, range.first, range.last);
    }
    if (ranges.isEmpty()) {
      return CompletableFuture.completedFuture(this);
    }
    connections.flush();
    return ranges.getLast().events.thenApply(last -> this);
  }

  /** How many entries of the log it is for. */
  int entries() {
    return entries;
  }

  /** Puts the answers together in the order of the log. */
  List<Delivery> deliveries(Predicate<EventType> wanted) {
    List<Delivery> deliveries = new ArrayList<>(parts.size());
    for (Part part : parts) {
      deliveries.add(new Delivery(part.reference(), events(part, wanted)));
    }
    return deliveries;
  }

  private static List<SequencedEvent> events(Part part, Predicate<EventType> wanted) {
    Range range = part.range();
    if (range == null) {
      return List.of();
    }
    LogReference reference = part.reference();
    List<RecordedEvent> found = range.events.join();
    List<SequencedEvent> events = new ArrayList<>(part.types().size());
    for (int i = 0; i < part.types().size(); i++) {
      if (wanted.test(part.types().get(i))) {
        long index = reference.first() + i - range.first;
        if (index >= found.size() || found.get((int) index).version() != reference.first() + i) {
          throw new StoreWentBackException(
              "entry "
                  + reference.logId()
                  + " of a partition log refers to version "
                  + (reference.first() + i)
                  + " of "
                  + reference.stream()
                  + ", which is gone");
        }
        events.add(new SequencedEvent(reference.sequence() + i, found.get((int) index)));
      }
    }
    return events;
  }
}
