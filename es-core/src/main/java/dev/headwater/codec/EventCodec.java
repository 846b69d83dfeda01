package dev.headwater.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.headwater.event.EventType;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes domain events as JSON under an explicit, stable name and revision and reads them back,
 * lifting older revisions step by step. Immutable and thread-safe; made once with {@link
 * #builder()}, used by the command path and by projections.
 */
public final class EventCodec {
  private final Map<Class<?>, Format> byClass;
  private final Map<EventType, Format> byType;
  private final Map<EventType, UnaryOperator<ObjectNode>> upcasters;
  private final JsonMapper json;

  private EventCodec(Builder builder, JsonMapper json, List<Format> formats) {
    this.json = json;
    this.upcasters = Map.copyOf(builder.upcasters);
    Map<Class<?>, Format> classes = new HashMap<>();
    Map<EventType, Format> types = new HashMap<>();
    for (Format format : formats) {
      classes.put(format.eventClass(), format);
      types.put(format.type(), format);
    }
    this.byClass = Map.copyOf(classes);
    this.byType = Map.copyOf(types);
  }

  /** Starts a codec. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The stored form of an event.
   *
   * @throws UnknownEventException if its class was not registered
   */
  public NewEvent encode(Object event) {
    Format format = byClass.get(event.getClass());
    if (format == null) {
      throw new UnknownEventException(
          "event class "
              + event.getClass().getName()
              + " is not registered; add it to the EventCodec with event(name,"
              + " revision, class)");
    }
    return new NewEvent(format.type(), format.writer().writeValueAsBytes(event));
  }

  /**
   * The domain event that was stored.
   *
   * @throws UnknownEventException if its name is not registered, or its revision is neither the
   *     registered one nor can be lifted to it
   * @throws UnreadableEventException if its payload is not what its type says
   */
  public Object decode(RecordedEvent event) {
    Format format = byType.get(event.type());
    Object decoded;
    try {
      decoded =
          format != null
              ? format.reader().readValue(event.data())
              : lift(event, json.readTree(event.data()));
    } catch (JacksonException e) {
      throw new UnreadableEventException(event, e);
    }
    if (decoded == null) { // the payload is the JSON literal null
      throw new UnreadableEventException(event, null);
    }
    return decoded;
  }

  private Object lift(RecordedEvent event, JsonNode payload) {
    EventType type = event.type();
    JsonNode lifted = payload;
    Format format = byType.get(type);
    while (format == null) {
      UnaryOperator<ObjectNode> upcaster = upcasters.get(type);
      if (upcaster == null) {
        throw new UnknownEventException(unknown(event, type));
      }
      lifted = lift(event, lifted, upcaster);
      type = new EventType(type.name(), type.revision() + 1);
      format = byType.get(type);
    }
    return format.reader().readValue(lifted);
  }

  private static JsonNode lift(
      RecordedEvent event, JsonNode payload, UnaryOperator<ObjectNode> upcaster) {
    if (!(payload instanceof ObjectNode object)) {
      throw new UnreadableEventException(event, null);
    }
    try {
      return Objects.requireNonNull(upcaster.apply(object), "the upcaster gave null");
    } catch (RuntimeException e) {
      throw new UnreadableEventException(event, e);
    }
  }

  private String unknown(RecordedEvent event, EventType reached) {
    String where =
        "event " + event.type() + " of stream " + event.stream() + " at version " + event.version();
    @Nullable EventType known =
        byType.keySet().stream()
            .filter(type -> type.name().equals(reached.name()))
            .findAny()
            .orElse(null);
    if (known == null) {
      return where + " has a name that is not registered; add it to the EventCodec";
    }
    return where
        + " can't be read: the registered revision is "
        + known.revision()
        + (known.revision() < reached.revision()
            ? ", older than the event; run a newer version of the application"
            : " and there is no upcaster from revision " + reached.revision());
  }

  /**
   * The types that carry an event of one of these classes (or a subtype), older revisions included.
   */
  public boolean carries(EventType type, Set<Class<?>> classes) {
    EventType reached = type;
    while (!byType.containsKey(reached) && upcasters.containsKey(reached)) {
      reached = new EventType(reached.name(), reached.revision() + 1);
    }
    Format format = byType.get(reached);
    return format == null
        || classes.stream().anyMatch(c -> c.isAssignableFrom(format.eventClass()));
  }

  /** Collects event classes and upcasters. Not thread-safe. */
  public static final class Builder {
    private final Map<EventType, Class<?>> classes = new HashMap<>();
    private final Map<EventType, UnaryOperator<ObjectNode>> upcasters = new HashMap<>();
    private final List<Class<?>> families = new ArrayList<>();

    private Builder() {}

    /**
     * Registers the class of an event under its stored name and current revision.
     *
     * @throws IllegalArgumentException if the name or the class is already taken
     */
    public Builder event(String name, int revision, Class<?> eventClass) {
      EventType type = new EventType(name, revision);
      if (classes.keySet().stream().anyMatch(known -> known.name().equals(name))) {
        throw new IllegalArgumentException("event name " + name + " is registered twice");
      }
      if (classes.containsValue(eventClass)) {
        throw new IllegalArgumentException(
            "event class " + eventClass.getName() + " is registered twice");
      }
      classes.put(type, eventClass);
      return this;
    }

    /**
     * Lifts the JSON payload of {@code name} from {@code fromRevision} to the next revision. It may
     * change its argument.
     */
    public Builder upcaster(String name, int fromRevision, UnaryOperator<ObjectNode> upcaster) {
      if (upcasters.put(new EventType(name, fromRevision), upcaster) != null) {
        throw new IllegalArgumentException(
            "event " + name + "#" + fromRevision + " has two upcasters");
      }
      return this;
    }

    /** Demands that every record of a sealed interface is registered when the codec is built. */
    public Builder complete(Class<?> sealedInterface) {
      families.add(sealedInterface);
      return this;
    }

    /**
     * The codec.
     *
     * @throws IllegalArgumentException if a family is not complete
     */
    public EventCodec build() {
      families.forEach(this::requireComplete);
      JsonMapper json =
          JsonMapper.builder()
              .changeDefaultPropertyInclusion(
                  inclusion ->
                      inclusion
                          .withValueInclusion(JsonInclude.Include.NON_NULL)
                          .withContentInclusion(JsonInclude.Include.NON_NULL))
              .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
              .build();
      List<Format> formats = new ArrayList<>();
      classes.forEach(
          (type, eventClass) ->
              formats.add(
                  new Format(
                      type, eventClass, json.writerFor(eventClass), json.readerFor(eventClass))));
      return new EventCodec(this, json, formats);
    }

    private void requireComplete(Class<?> family) {
      Set<Class<?>> missing = new HashSet<>();
      collectLeaves(family, missing);
      missing.removeAll(classes.values());
      if (!missing.isEmpty()) {
        throw new IllegalArgumentException(
            "events of " + family.getName() + " that are not registered: " + missing);
      }
    }

    private static void collectLeaves(Class<?> type, Set<Class<?>> leaves) {
      Class<?>[] permitted = type.getPermittedSubclasses();
      if (permitted == null) {
        leaves.add(type);
        return;
      }
      for (Class<?> subtype : permitted) {
        collectLeaves(subtype, leaves);
      }
    }
  }
}
