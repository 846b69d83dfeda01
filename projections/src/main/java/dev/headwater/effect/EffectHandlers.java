package dev.headwater.effect;

import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the handlers of one effect. Not thread-safe. */
public final class EffectHandlers {
  private final Map<Class<?>, EffectHandler<?>> handlers = new LinkedHashMap<>();

  EffectHandlers() {}

  /**
   * Handles events of a class or, where it is an interface, of all its subtypes.
   *
   * @throws IllegalArgumentException if another handler would get some of these events too: an
   *     effect does one thing for an event
   */
  public <E> EffectHandlers event(Class<E> eventClass, EffectHandler<? super E> handler) {
    for (Class<?> other : handlers.keySet()) {
      if (other.isAssignableFrom(eventClass) || eventClass.isAssignableFrom(other)) {
        throw new IllegalArgumentException(
            "an event of both "
                + other.getName()
                + " and "
                + eventClass.getName()
                + " would have two handlers; make them one, or two effects");
      }
    }
    handlers.put(eventClass, handler);
    return this;
  }

  Map<Class<?>, EffectHandler<?>> defined() {
    return handlers;
  }
}
