package dev.headwater.effect;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.EventType;
import dev.headwater.event.RecordedEvent;
import java.util.Map;
import java.util.Set;

/** Decodes events and hands each to the handler of an effect. Thread-safe. */
final class EffectDispatcher {
  private final String effect;
  private final EventCodec codec;
  private final Map<Class<?>, EffectHandler<?>> handlers;
  private final Set<Class<?>> classes;

  EffectDispatcher(EventCodec codec, Effect effect) {
    EffectHandlers on = new EffectHandlers();
    effect.define(on);
    if (on.defined().isEmpty()) {
      throw new IllegalArgumentException(
          "effect " + effect.name() + " handles no event; see define(EffectHandlers)");
    }
    this.effect = effect.name();
    this.codec = codec;
    this.handlers = Map.copyOf(on.defined());
    this.classes = Set.copyOf(handlers.keySet());
  }

  /** Whether events of a type are to be delivered; those of unknown types are, to be reported. */
  boolean wants(EventType type) {
    return codec.carries(type, classes);
  }

  @SuppressWarnings("unchecked") // the key is the class that the handler takes
  void dispatch(RecordedEvent recorded) throws Exception {
    Object event = codec.decode(recorded);
    for (Map.Entry<Class<?>, EffectHandler<?>> entry : handlers.entrySet()) {
      if (entry.getKey().isInstance(event)) {
        EffectId id = new EffectId(effect, recorded.stream(), recorded.version(), 0);
        ((EffectHandler<Object>) entry.getValue()).handle(event, recorded, id);
      }
    }
  }
}
