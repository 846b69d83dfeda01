package dev.headwater.redis;

import dev.headwater.redis.testing.TestRedis;

class RedisContractTest extends RedisContracts {
  RedisContractTest() {
    super(TestRedis.shared());
  }
}
