package dev.headwater.redis.check;

/**
 * Something in a store that is not as the store writes it.
 *
 * @param kind which rule is broken
 * @param partition where, from 0
 * @param subject the stream as {@code <type>:<id>}, or {@code log} or {@code head}
 * @param what the versions, sequences or ids concerned, for a person to read
 */
public record Finding(Kind kind, int partition, String subject, String what) {

  /** The rules. */
  public enum Kind {
    /** The partition's head tells another end than its log has. */
    HEAD_MISMATCH,
    /** An entry of the log can't be read as a reference. */
    NOT_A_REFERENCE,
    /** An entry of the log does not begin with the sequence that follows the entry before. */
    SEQUENCE_GAP,
    /** A stream's versions are not 1, 2, 3 and so on. */
    VERSION_GAP,
    /** A stream holds events of one commit in two places. */
    COMMIT_TWICE,
    /** The log refers to events that are not there. */
    REFERENCE_UNRESOLVED,
    /** Events that no entry of the log refers to: no projection sees them. */
    NOT_REFERENCED,
    /** Events that several entries of the log refer to: projections see them twice. */
    REFERENCED_TWICE
  }

  /** One line. */
  @Override
  public String toString() {
    return kind + " partition " + partition + ", " + subject + ": " + what;
  }
}
