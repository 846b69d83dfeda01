package dev.headwater.store;

import org.jspecify.annotations.Nullable;

/**
 * The store can't be reached, or refuses for the time being. Nothing was stored by the call that
 * threw it.
 */
public final class StoreUnavailableException extends EventStoreException {
  /** With a message that says which store and why. */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
