package dev.headwater.redis;

import dev.headwater.redis.testing.NamedRedis;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** On each server that {@code HEADWATER_REDIS_SERVERS} names; none where it names none. */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("dev.headwater.redis.testing.NamedRedis#binaries")
class NamedRedisContractTest extends RedisContracts {
  NamedRedisContractTest(Path binary) {
    super(NamedRedis.shared(binary));
  }
}
