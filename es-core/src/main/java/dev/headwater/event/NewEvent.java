package dev.headwater.event;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * An event that is not stored yet: its type and its payload in encoded form (UTF-8 JSON).
 *
 * <p>The array is not copied; nobody may change it after it was handed over.
 */
public record NewEvent(EventType type, byte[] data) {
  /** Type and payload, for messages. */
  @Override
  public String toString() {
    return type + " " + new String(data, UTF_8);
  }
}
