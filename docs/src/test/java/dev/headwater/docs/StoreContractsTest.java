package dev.headwater.docs;

import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.tck.AppendContract;
import dev.headwater.tck.EventStoreFixture;
import dev.headwater.tck.ReadContract;
import org.junit.jupiter.api.Nested;

// tag::contracts
class StoreContractsTest {
  private static final EventStoreFixture FIXTURE = InMemoryEventStore::new; // yours here

  @Nested
  class Append extends AppendContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  @Nested
  class Read extends ReadContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }
  // and the same for CommandIdContract, DurabilityContract, PartitionContract, RaceContract and
  // SubscriptionContract, for SnapshotContract where the store is KeepSnapshots too, and for
  // DeliveryContract where it is DeliverToGroup
}
// end::contracts
