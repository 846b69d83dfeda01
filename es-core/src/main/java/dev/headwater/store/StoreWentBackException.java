package dev.headwater.store;

/**
 * The store's history is not the one that somebody has seen: it ends earlier, or has another event
 * at that place. It lost data in a fail-over, was restored from a backup, or is another store.
 * Projections must be rebuilt.
 */
public final class StoreWentBackException extends EventStoreException {
  /** With a message that says what was expected and what is there. */
  public StoreWentBackException(String message) {
    super(message);
  }
}
