package dev.headwater.axon.engine;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.ReadStream;
import dev.headwater.store.ReadStream.Direction;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventsourcing.eventstore.AggregateBasedConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The events of some aggregates, one aggregate after another, then an entry with the consistency
 * marker, then the end. A page is read when its first event is asked for; an aggregate of fewer
 * events than a page is one read.
 */
final class SourcedStream implements MessageStream<EventMessage> {

  private final ReadStream store;
  private final MessageMapping mapping;
  private final SourcedVersions versions;
  private final EventCriteria criteria;
  private final long from;
  private final Iterator<StreamId> streams;

  private @Nullable StreamId stream;
  private long next;
  private final ArrayDeque<RecordedEvent> page = new ArrayDeque<>();
  private @Nullable AggregateBasedConsistencyMarker marker;
  private @Nullable Entry<EventMessage> peeked;
  private boolean completed;
  private @Nullable Throwable error;
  private Runnable callback = SourcedStream::nothing;

  /** Sources streams from a version on, from 1. */
  SourcedStream(
      ReadStream store,
      MessageMapping mapping,
      SourcedVersions versions,
      EventCriteria criteria,
      List<StreamId> streams,
      long from) {
    this.store = store;
    this.mapping = mapping;
    this.versions = versions;
    this.criteria = criteria;
    this.from = from;
    this.streams = streams.iterator();
  }

  private static void nothing() {}

  @Override
  public synchronized Optional<Entry<EventMessage>> peek() {
    if (peeked == null && !completed) {
      try {
        peeked = fetch();
      } catch (RuntimeException e) {
        complete(e);
      }
    }
    return Optional.ofNullable(peeked);
  }

  @Override
  public synchronized Optional<Entry<EventMessage>> next() {
    Optional<Entry<EventMessage>> entry = peek();
    peeked = null;
    if (entry.isPresent() && entry.get().getResource(ConsistencyMarker.RESOURCE_KEY) != null) {
      complete(null);
    }
    return entry;
  }

  private void complete(@Nullable Throwable failure) {
    completed = true;
    error = failure;
    callback.run();
  }

  private Entry<EventMessage> fetch() {
    while (true) {
      while (!page.isEmpty()) {
        RecordedEvent event = page.remove();
        EventMessage message = mapping.message(event);
        Set<Tag> tags = AggregateStreams.tags(event.stream());
        if (criteria.matches(message.type().qualifiedName(), tags)) {
          return new SimpleEntry<>(message, MessageMapping.context(event));
        }
      }
      if (!readPage()) {
        return new SimpleEntry<>(
            TerminalEventMessage.INSTANCE,
            Context.with(ConsistencyMarker.RESOURCE_KEY, endOfAll()));
      }
    }
  }

  /** Reads on in the stream, or begins the next one; false at the end of all. */
  private boolean readPage() {
    StreamId current = stream;
    if (current == null) {
      if (!streams.hasNext()) {
        return false;
      }
      current = streams.next();
      stream = current;
      next = from;
    }
    List<RecordedEvent> events = store.read(current, next, Direction.FORWARD, ReadStream.PAGE);
    page.addAll(events);
    next += events.size();
    if (events.size() < ReadStream.PAGE) {
      end(current, next == from && from > 1 ? lastVersion(current) : next - 1);
      stream = null;
    }
    return true;
  }

  /** Where nothing was found behind the start, the marker must tell what is before it. */
  private long lastVersion(StreamId of) {
    List<RecordedEvent> last = store.read(of, Long.MAX_VALUE, Direction.BACKWARD, 1);
    return last.isEmpty() ? 0 : last.getFirst().version();
  }

  private void end(StreamId of, long version) {
    versions.sourced(of, version);
    AggregateBasedConsistencyMarker here = SourcedVersions.marker(of, version);
    marker = marker == null ? here : marker.doUpperBound(here);
  }

  private ConsistencyMarker endOfAll() {
    return marker == null ? ConsistencyMarker.ORIGIN : marker;
  }

  @Override
  public synchronized void setCallback(Runnable newCallback) {
    callback = newCallback;
    callback.run();
  }

  @Override
  public synchronized Optional<Throwable> error() {
    return Optional.ofNullable(error);
  }

  @Override
  public synchronized boolean isCompleted() {
    return completed;
  }

  @Override
  public synchronized boolean hasNextAvailable() {
    return peek().isPresent();
  }

  @Override
  public synchronized void close() {
    completed = true;
    peeked = null;
  }
}
