package dev.headwater.axon.engine;

import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.EventStore;

/** Axon's suite on Redis. */
class RedisEngineTest extends EngineSuite {
  @Override
  EventStore newStore() {
    return RedisEventStore.connect(TestRedis.shared().newStore().withPartitions(1));
  }
}
