package dev.headwater.redis;

import dev.headwater.redis.testing.TestRedis;

/** On a cluster, through the address of one of its nodes. */
class RedisClusterContractTest extends RedisContracts {
  RedisClusterContractTest() {
    super(TestRedis.cluster());
  }
}
