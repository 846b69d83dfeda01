package dev.headwater.tck;

import dev.headwater.store.EventStore;
import java.time.Duration;

/** Gives the contract suites the store under test. Implemented by each store's tests. */
@FunctionalInterface
public interface EventStoreFixture {
  /** An empty store with at least two partitions, for one test, which closes it. */
  EventStore open();

  /** How long a test waits for what must come before it fails. */
  default Duration patience() {
    return Duration.ofSeconds(30);
  }
}
