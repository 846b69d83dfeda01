package dev.headwater.axon.engine;

import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.EventStore;

/** Axon's suite on the store in memory. */
class InMemoryEngineTest extends EngineSuite {
  @Override
  EventStore newStore() {
    return new InMemoryEventStore(1);
  }
}
