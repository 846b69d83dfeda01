package dev.headwater.projection;

import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the handlers of one projection. Not thread-safe. */
public final class EventHandlers {
  private final Map<Class<?>, EventHandler<?>> handlers = new LinkedHashMap<>();

  EventHandlers() {}

  /**
   * Handles events of a class or, where it is an interface, of all its subtypes. An event that fits
   * several handlers goes to each, in the order of their definition.
   *
   * @throws IllegalArgumentException if the class has a handler already
   */
  public <E> EventHandlers event(Class<E> type, EventHandler<? super E> handler) {
    if (handlers.putIfAbsent(type, handler) != null) {
      throw new IllegalArgumentException("event class " + type.getName() + " has two handlers");
    }
    return this;
  }

  Map<Class<?>, EventHandler<?>> defined() {
    return handlers;
  }
}
