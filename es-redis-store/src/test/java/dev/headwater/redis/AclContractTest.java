package dev.headwater.redis;

import dev.headwater.redis.server.RedisBinary;
import dev.headwater.redis.testing.AclRedis;
import dev.headwater.redis.testing.NamedRedis;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.redis.testing.TwoUsersStore;
import dev.headwater.tck.DeliveryContract;
import dev.headwater.tck.EventStoreFixture;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The users of {@code deploy/redis-acl} can do what they are for, on each server that there is,
 * those that {@code HEADWATER_REDIS_SERVERS} names included. What the application may do here any
 * user with more permissions may, so the contracts run on those servers nowhere else.
 */
@ParameterizedClass
@MethodSource("binaries")
@Execution(ExecutionMode.CONCURRENT) // servers and users side by side: else all wait for this class
class AclContractTest {
  private final AclRedis redis;

  AclContractTest(Path binary) {
    this.redis = AclRedis.shared(binary);
  }

  static Stream<Path> binaries() {
    return Stream.concat(
            Stream.of(TestRedis.binary(), RedisBinary.embedded()), NamedRedis.binaries())
        .distinct();
  }

  private EventStoreFixture readBy(String user, boolean readOnly) {
    return () -> {
      RedisStoreOptions application = redis.newStore("application");
      RedisStoreOptions other = redis.as(user, application.namespace());
      return new TwoUsersStore<>(
          RedisEventStore.connect(application),
          RedisEventStore.connect(readOnly ? other.forReading() : other));
    };
  }

  @Nested
  @Execution(ExecutionMode.SAME_THREAD)
  class The_application extends RedisContracts {
    The_application() {
      super(() -> RedisEventStore.connect(redis.newStore("application")));
    }
  }

  @Nested
  @Execution(ExecutionMode.SAME_THREAD)
  class A_projection extends ReadingContracts {
    A_projection() {
      super(readBy("projection", false));
    }
  }

  @Nested
  @Execution(ExecutionMode.SAME_THREAD)
  class An_effect extends ReadingContracts {
    An_effect() {
      super(readBy("effects", false));
    }

    @Nested
    class Deliveries extends DeliveryContract {
      @Override
      protected EventStoreFixture fixture() {
        return An_effect.this.fixture;
      }
    }
  }

  @Nested
  @Execution(ExecutionMode.SAME_THREAD)
  class An_auditor extends ReadingContracts {
    An_auditor() {
      super(readBy("auditor", true));
    }
  }
}
