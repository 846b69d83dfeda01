package dev.headwater.axon.engine;

import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.Receipt;

/**
 * The events of a transaction are stored and will be read, but were not proven to be as durable as
 * the store was told to make them. Sending the command again would decide on them.
 */
public final class TransactionNotDurableException extends EventStoreException {
  private final Receipt receipt;

  TransactionNotDurableException(NotDurable outcome) {
    super(
        "the events for "
            + outcome.receipt().stream()
            + " are stored up to version "
            + outcome.receipt().lastVersion()
            + ", but not proven "
            + outcome.asked()
            + ": "
            + outcome.reason());
    this.receipt = outcome.receipt();
  }

  /** What is proven. */
  public Receipt receipt() {
    return receipt;
  }
}
