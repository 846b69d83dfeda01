package dev.headwater.tck;

import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import java.time.Duration;

/** Gives the contract suites the store under test. Implemented by each store's tests. */
@FunctionalInterface
public interface EventStoreFixture {
  /** An empty store with at least two partitions, for one test, which closes it. */
  EventStore open();

  /** The strongest level of durability that the store proves. */
  default Durability strongest() {
    return Durability.memory();
  }

  /** How long a test waits for what must come before it fails. */
  default Duration patience() {
    return Duration.ofSeconds(30);
  }
}
