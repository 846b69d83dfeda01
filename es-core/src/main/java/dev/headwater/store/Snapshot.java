package dev.headwater.store;

/**
 * The state that an aggregate had after one of its events, so that loading it needs no event before
 * that one. Never the truth: the events are, and what contradicts them is ignored.
 *
 * <p>Two are equal only if their states are the same array, whatever it contains: compare the
 * components.
 *
 * @param version version of that event, from 1
 * @param commitId id of the commit that the event belongs to; tells a snapshot of this history from
 *     one of a history that was lost
 * @param schema names the shape of the state and its revision, such as {@code Account#2}: 1 to 200
 *     characters, no space and no control character. A snapshot of another one is as none
 * @param state the encoded state. Not copied; nobody may change it
 */
public record Snapshot(long version, String commitId, String schema, byte[] state) {
  private static final int MAX_SCHEMA_LENGTH = 200;

  /** Validates version and schema. */
  public Snapshot {
    if (version < 1) {
      throw new IllegalArgumentException(
          "a snapshot is of a version of at least 1, was: " + version);
    }
    requireSchema(schema);
  }

  /**
   * Checks the form of a schema.
   *
   * @throws IllegalArgumentException if it can't be kept
   */
  public static String requireSchema(String schema) {
    if (schema.isEmpty()
        || schema.length() > MAX_SCHEMA_LENGTH
        || schema.chars().anyMatch(c -> c == ' ' || Character.isISOControl(c))) {
      throw new IllegalArgumentException(
          "schema of a state must have 1 to "
              + MAX_SCHEMA_LENGTH
              + " characters, no space and no control character, was: '"
              + schema
              + "'");
    }
    return schema;
  }

  /** All but the state, which may be large or confidential. */
  @Override
  public String toString() {
    return "snapshot " + schema + " at version " + version + " (" + state.length + " bytes)";
  }
}
