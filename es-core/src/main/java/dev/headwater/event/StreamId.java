package dev.headwater.event;

/**
 * Names the stream of one aggregate: its type, such as {@code Order}, and its id within that type.
 *
 * @param type a letter followed by up to 99 letters, digits, {@code _ . -}; part of every stored
 *     key
 * @param id 1 to 512 characters, none of them a control character or half a surrogate pair
 */
public record StreamId(String type, String id) {
  private static final int MAX_ID_LENGTH = 512;

  /** Validates both parts. */
  public StreamId {
    Names.require("stream type", type);
    if (id.isEmpty() || id.length() > MAX_ID_LENGTH || !isStorable(id)) {
      throw new IllegalArgumentException(
          "stream id of type "
              + type
              + " must have 1 to 512 characters and no control character, was: '"
              + id
              + "'");
    }
  }

  /**
   * Whether an id has a form of its own in a store: no control characters, and no half surrogate
   * pairs, which have no UTF-8 form, so that two such ids would be one.
   */
  public static boolean isStorable(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < id.length()
          && Character.isLowSurrogate(id.charAt(i + 1))) {
        i++;
      } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /** Parses the form that {@link #toString()} prints. */
  public static StreamId parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("expected <type>:<id>, was: '" + text + "'");
    }
    return new StreamId(text.substring(0, colon), text.substring(colon + 1));
  }

  /** {@code <type>:<id>}, unambiguous because a type has no colon. */
  @Override
  public String toString() {
    return type + ":" + id;
  }
}
