package dev.headwater.codec;

/**
 * Writes the state of an aggregate for a snapshot and reads it back. Called by the command path;
 * {@link #json} fits most, an application may bring its own. Thread-safe.
 *
 * @param <S> the state
 */
public interface StateCodec<S> {
  /**
   * Names the shape of the state and its revision. It changes with the shape, and with what the
   * decider's {@code evolve} makes of the same events: snapshots of another schema are ignored and
   * replaced.
   */
  String schema();

  /** The stored form of a state. */
  byte[] encode(S state);

  /**
   * The state that was stored. What it throws makes the snapshot ignored and replaced; it is no
   * error of a command.
   */
  S decode(byte[] encoded);

  /**
   * JSON under {@code name#revision}, for a record or whatever else Jackson reads and writes.
   * Strict, so that a shape that changed without a new revision is noticed in most cases: a
   * property that is missing or unknown makes a snapshot unreadable.
   *
   * @param name 1 to 180 characters without space
   * @param revision from 1
   */
  static <S> StateCodec<S> json(String name, int revision, Class<S> stateClass) {
    return JsonStateCodec.of(name, revision, stateClass);
  }
}
