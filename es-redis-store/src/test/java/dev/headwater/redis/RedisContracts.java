package dev.headwater.redis;

import dev.headwater.redis.testing.TestRedis;
import dev.headwater.tck.AppendContract;
import dev.headwater.tck.CommandIdContract;
import dev.headwater.tck.DeliveryContract;
import dev.headwater.tck.EventStoreFixture;
import dev.headwater.tck.RaceContract;
import dev.headwater.tck.SnapshotContract;
import org.junit.jupiter.api.Nested;

/** All contracts on one server. */
abstract class RedisContracts extends ReadingContracts {
  RedisContracts(TestRedis redis) {
    this(() -> RedisEventStore.connect(redis.newStore()));
  }

  RedisContracts(EventStoreFixture fixture) {
    super(fixture);
  }

  @Nested
  class Append extends AppendContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }

  @Nested
  class CommandIds extends CommandIdContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }

  @Nested
  class Deliveries extends DeliveryContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }

  @Nested
  class Snapshots extends SnapshotContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }

  @Nested
  class Races extends RaceContract {
    @Override
    protected EventStoreFixture fixture() {
      return fixture;
    }
  }
}
