package dev.headwater.event;

/**
 * The stable name of a kind of event and the revision of its payload's shape; what is stored
 * instead of a class name.
 *
 * @param name a letter followed by up to 99 letters, digits, {@code _ . -}
 * @param revision from 1
 */
public record EventType(String name, int revision) {
  /** Validates both parts. */
  public EventType {
    Names.require("event name", name);
    if (revision < 1) {
      throw new IllegalArgumentException(
          "revision of event " + name + " must be at least 1, was: " + revision);
    }
  }

  /** Parses {@code <name>#<revision>}. */
  public static EventType parse(String text) {
    int hash = text.lastIndexOf('#');
    try {
      if (hash > 0) {
        return new EventType(
            text.substring(0, hash), Integer.parseInt(text, hash + 1, text.length(), 10));
      }
    } catch (NumberFormatException e) {
      // falls through to the error that shows the whole text
    }
    throw new IllegalArgumentException("expected <event name>#<revision>, was: '" + text + "'");
  }

  /** {@code <name>#<revision>}, as it is stored. */
  @Override
  public String toString() {
    return name + "#" + revision;
  }
}
