package dev.headwater.redis;

import dev.headwater.event.EventType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parses event types, each only once. Thread-safe. */
final class EventTypes {
  /** Far more than an application has; keeps a damaged store from filling the heap. */
  private static final int MAX = 10_000;

  private final Map<String, EventType> known = new ConcurrentHashMap<>();

  EventType get(String name) {
    EventType type = known.get(name);
    if (type == null) {
      type = EventType.parse(name);
      if (known.size() < MAX) {
        known.put(name, type);
      }
    }
    return type;
  }
}
