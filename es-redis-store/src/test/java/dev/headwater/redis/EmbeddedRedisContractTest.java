package dev.headwater.redis;

import dev.headwater.redis.testing.TestRedis;

/** On the oldest server that is supported. */
class EmbeddedRedisContractTest extends RedisContracts {
  EmbeddedRedisContractTest() {
    super(TestRedis.embedded());
  }
}
