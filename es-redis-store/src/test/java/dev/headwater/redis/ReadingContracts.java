package dev.headwater.redis;

import dev.headwater.tck.EventStoreFixture;
import dev.headwater.tck.PartitionContract;
import dev.headwater.tck.ReadContract;
import dev.headwater.tck.SubscriptionContract;
import org.junit.jupiter.api.Nested;

/** The contracts of what a user does who doesn't append. */
abstract class ReadingContracts {
  final EventStoreFixture fixture;

  ReadingContracts(EventStoreFixture fixture) {
    this.fixture = fixture;
  }

  @Nested
  class Read extends ReadContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }

  @Nested
  class Partitions extends PartitionContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }

  @Nested
  class Subscriptions extends SubscriptionContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }
}
