package dev.headwater.tck;

import dev.headwater.memory.InMemoryEventStore;
import org.junit.jupiter.api.Nested;

class InMemoryEventStoreTest {
  private static final EventStoreFixture FIXTURE = InMemoryEventStore::new;

  @Nested
  class Append extends AppendContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  @Nested
  class CommandIds extends CommandIdContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  @Nested
  class Durability extends DurabilityContract {
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

  @Nested
  class Partition extends PartitionContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  @Nested
  class Subscriptions extends SubscriptionContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  @Nested
  class Deliveries extends DeliveryContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  @Nested
  class Snapshots extends SnapshotContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  @Nested
  class Races extends RaceContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }
}
