package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.EventType;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.readmodel.RowBatch;
import dev.headwater.readmodel.Rows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Decodes events and hands them to a projection's handlers. One thread dispatches. */
final class EventDispatcher {
  private final String projection;
  private final EventCodec codec;
  private final Map<Class<?>, EventHandler<?>> handlers;
  private final Set<Class<?>> classes;
  private final Map<EventType, Boolean> wanted = new ConcurrentHashMap<>();
  private final Map<Class<?>, List<EventHandler<Object>>> byClass = new HashMap<>();

  EventDispatcher(EventCodec codec, Projection projection) {
    EventHandlers on = new EventHandlers();
    projection.define(on);
    if (on.defined().isEmpty()) {
      throw new IllegalArgumentException(
          "projection " + projection.name() + " handles no event; see define(EventHandlers)");
    }
    this.projection = projection.name();
    this.codec = codec;
    this.handlers = on.defined();
    this.classes = Set.copyOf(handlers.keySet());
  }

  /**
   * Whether events of a type are to be delivered; those of unknown types are, to be reported. Asked
   * by stores, from any thread.
   */
  boolean wants(EventType type) {
    return wanted.computeIfAbsent(type, t -> codec.carries(t, classes));
  }

  /**
   * Hands an event to its handlers.
   *
   * @throws EventFailedException if it can't be decoded or a handler throws
   */
  void dispatch(PartitionEvent event, RowBatch rows) {
    dispatch(event.partition(), event.event(), event.payload(), rows);
  }

  /** The same for one that is yet to be decoded. */
  void dispatch(int partition, SequencedEvent event, RowBatch rows) {
    dispatch(partition, event, null, rows);
  }

  private void dispatch(
      int partition, SequencedEvent event, @Nullable Object payload, RowBatch rows) {
    try {
      rows.handling(partition, event);
      Object decoded = payload == null ? codec.decode(event.event()) : payload;
      dispatch(decoded, event.event(), rows);
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw new EventFailedException(projection, partition, event, e);
    }
  }

  private void dispatch(Object event, RecordedEvent recorded, Rows rows) throws Exception {
    for (EventHandler<Object> handler :
        byClass.computeIfAbsent(event.getClass(), this::handlersOf)) {
      handler.handle(event, recorded, rows);
    }
  }

  @SuppressWarnings("unchecked") // the key is the class that the handler takes
  private List<EventHandler<Object>> handlersOf(Class<?> eventClass) {
    return handlers.entrySet().stream()
        .filter(entry -> entry.getKey().isAssignableFrom(eventClass))
        .map(entry -> (EventHandler<Object>) entry.getValue())
        .toList();
  }
}
