package dev.headwater.aggregate;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ReadStream;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Folds the stored events of one type of aggregate; for auditors who ask what an aggregate was at
 * any moment, and for the command path. Thread-safe; reads page by page, so a stream of any length
 * needs little memory.
 */
public final class AggregateHistory<S, E> {
  private final String type;
  private final Decider<?, S, E> decider;
  private final Class<E> eventClass;
  private final EventCodec codec;
  private final ReadStream reader;

  /** The history of aggregates of {@code type}, whose events are of {@code eventClass}. */
  public AggregateHistory(
      String type,
      Decider<?, S, E> decider,
      Class<E> eventClass,
      EventCodec codec,
      ReadStream reader) {
    this.type = type;
    this.decider = decider;
    this.eventClass = eventClass;
    this.codec = codec;
    this.reader = reader;
  }

  /** The state now. */
  public Versioned<S> latest(String id) {
    return resume(id, beginning(), event -> {});
  }

  /** The state after {@code version}, or the latest one if the stream is shorter. */
  public Versioned<S> atVersion(String id, long version) {
    return fold(
        beginning(),
        reader.readAll(stream(id), 1).takeWhile(e -> e.version() <= version),
        event -> {});
  }

  /** The state at a moment of the domain's time; see {@link ReadStream#readUntil}. */
  public Versioned<S> at(String id, Instant moment) {
    return fold(beginning(), reader.readUntil(stream(id), moment), event -> {});
  }

  /** The stream of an aggregate. */
  public StreamId stream(String id) {
    return new StreamId(type, id);
  }

  String type() {
    return type;
  }

  Versioned<S> beginning() {
    return new Versioned<>(0, decider.initial());
  }

  /** Goes on from a state with the events behind it, showing each to {@code seen}. */
  Versioned<S> resume(String id, Versioned<S> from, Consumer<RecordedEvent> seen) {
    return fold(from, reader.readAll(stream(id), from.version() + 1), seen);
  }

  private Versioned<S> fold(
      Versioned<S> from, Stream<RecordedEvent> events, Consumer<RecordedEvent> seen) {
    long version = from.version();
    S state = from.state();
    for (RecordedEvent event : (Iterable<RecordedEvent>) events::iterator) {
      if (event.version() != version + 1) {
        throw new EventStoreException(
            "stream "
                + event.stream()
                + " has no event at version "
                + (version + 1)
                + ", the next one has version "
                + event.version()
                + "; its history is damaged");
      }
      version = event.version();
      state = decider.evolve(state, decode(event));
      seen.accept(event);
    }
    return new Versioned<>(version, state);
  }

  private E decode(RecordedEvent event) {
    Object decoded = codec.decode(event);
    if (!eventClass.isInstance(decoded)) {
      throw new EventStoreException(
          "stream "
              + event.stream()
              + " has at version "
              + event.version()
              + " the event "
              + event.type()
              + ", which is no "
              + eventClass.getName());
    }
    return eventClass.cast(decoded);
  }
}
