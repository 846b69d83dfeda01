package dev.headwater.aggregate;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ReadStream;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import dev.headwater.store.SnapshotAndTail.Contradicted;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import dev.headwater.store.SnapshotAndTail.FromStart;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the stored events of one type of aggregate; for auditors who ask what an aggregate was at
 * any moment, and for the command path. Thread-safe; reads page by page, so a stream of any length
 * needs little memory.
 */
public final class AggregateHistory<S, E> {
  private static final Logger LOG = LoggerFactory.getLogger(AggregateHistory.class);

  private final String type;
  private final Decider<?, S, E> decider;
  private final Class<E> eventClass;
  private final EventCodec codec;
  private final ReadStream reader;
  private final @Nullable Snapshots<S> snapshots;
  private final AtomicBoolean unreadableLogged = new AtomicBoolean();

  /** The history of aggregates of {@code type}, whose events are of {@code eventClass}. */
  public AggregateHistory(
      String type,
      Decider<?, S, E> decider,
      Class<E> eventClass,
      EventCodec codec,
      ReadStream reader) {
    this(type, decider, eventClass, codec, reader, null);
  }

  AggregateHistory(
      String type,
      Decider<?, S, E> decider,
      Class<E> eventClass,
      EventCodec codec,
      ReadStream reader,
      @Nullable Snapshots<S> snapshots) {
    this.type = type;
    this.decider = decider;
    this.eventClass = eventClass;
    this.codec = codec;
    this.reader = reader;
    this.snapshots = snapshots;
  }

  /**
   * The state now. The history of a runtime with snapshots begins at the latest one; the other
   * methods, and a history of one's own, apply the events alone.
   */
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

  Stream<RecordedEvent> from(StreamId stream, long version) {
    return reader.readAll(stream, version);
  }

  Versioned<S> beginning() {
    return new Versioned<>(0, decider.initial());
  }

  /** Goes on from a state with the events behind it, showing each to {@code seen}. */
  Versioned<S> resume(String id, Versioned<S> from, Consumer<RecordedEvent> seen) {
    return from.version() > 0 || snapshots == null
        ? readOn(id, from, seen)
        : load(id, snapshots, seen);
  }

  private Versioned<S> readOn(String id, Versioned<S> from, Consumer<RecordedEvent> seen) {
    return fold(from, reader.readAll(stream(id), from.version() + 1), seen);
  }

  private Versioned<S> load(String id, Snapshots<S> from, Consumer<RecordedEvent> seen) {
    SnapshotAndTail found = from.store().loadFromSnapshot(stream(id), from.codec().schema());
    @Nullable Versioned<S> start =
        switch (found) {
          case FromSnapshot(Snapshot snapshot, var tail) -> restored(id, from, snapshot);
          case FromStart none -> beginning();
          case Contradicted contradicted -> {
            LOG.warn(
                "the snapshot of {} is of version {}, an event that the store does not have: it was"
                    + " ignored and the aggregate loaded from its events. The store has lost events"
                    + " in a fail-over, or was restored from a backup",
                stream(id),
                contradicted.version());
            yield beginning();
          }
        };
    if (start == null) {
      return readOn(id, beginning(), seen);
    }
    Versioned<S> read = fold(start, found.tail().stream(), seen);
    return found.tail().size() < ReadStream.PAGE ? read : readOn(id, read, seen);
  }

  /** Null if the snapshot can't be read: whatever state there was, the events have it. */
  private @Nullable Versioned<S> restored(String id, Snapshots<S> from, Snapshot snapshot) {
    try {
      return new Versioned<>(snapshot.version(), from.codec().decode(snapshot.state()));
    } catch (RuntimeException | StackOverflowError e) {
      if (!unreadableLogged.getAndSet(true)) {
        LOG.warn(
            "the {} of {} can't be read and is ignored: {}. Has the state changed its shape without"
                + " a new revision? Further ones are not logged",
            snapshot,
            stream(id),
            String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
      return null;
    }
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
