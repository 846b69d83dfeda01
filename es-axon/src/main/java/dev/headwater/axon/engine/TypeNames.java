package dev.headwater.axon.engine;

import dev.headwater.event.EventType;
import org.axonframework.messaging.core.MessageType;

/**
 * How the type of a message becomes the stored type of an event.
 *
 * <p>The stored name is the qualified name with {@code '-'} for every character that a stored name
 * can't have, such as the {@code '$'} of a nested class; of a name that is too long it is the end.
 * The revision is the version where that is a number from 2, else 1. What this loses is kept in the
 * envelope.
 */
final class TypeNames {
  private static final int MAX_LENGTH = 100;
  private static final String NAMELESS = "AxonEvent";

  private TypeNames() {}

  static EventType stored(MessageType type) {
    return new EventType(storedName(type.name()), revision(type.version()));
  }

  /** The same name always gives the same; different names may too. */
  static String storedName(String name) {
    String cut = name.substring(Math.max(0, name.length() - MAX_LENGTH));
    StringBuilder stored = new StringBuilder(cut.length());
    for (int i = 0; i < cut.length(); i++) {
      char c = cut.charAt(i);
      boolean letter = isLetter(c);
      if (letter || !stored.isEmpty()) { // begins with a letter
        stored.append(letter || (c >= '0' && c <= '9') || c == '_' || c == '.' ? c : '-');
      }
    }
    return stored.isEmpty() ? NAMELESS : stored.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** The qualified name that a stored name stands for, unless the envelope has another. */
  static String name(EventType stored) {
    return stored.name().replace('-', '$');
  }

  /** The version that a stored revision stands for, unless the envelope has another. */
  static String version(EventType stored) {
    return stored.revision() == 1
        ? MessageType.DEFAULT_VERSION
        : Integer.toString(stored.revision());
  }

  private static int revision(String version) {
    try {
      return Math.max(1, Integer.parseInt(version));
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
