package dev.headwater.store;

/**
 * More waits than is allowed. What was handed over is refused at once: nothing of it was decided or
 * stored, and what waits before it keeps its place. Hand it over again later.
 */
public final class OverloadedException extends EventStoreException {
  /** With a message that says what waits, how much of it may, and what to do. */
  public OverloadedException(String message) {
    super(message);
  }
}
