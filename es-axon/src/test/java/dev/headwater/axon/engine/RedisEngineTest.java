package dev.headwater.axon.engine;

import dev.headwater.redis.RedisEventStore;
import dev.headwater.store.EventStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Axon's suite on Redis. */
class RedisEngineTest extends EngineSuite {
  @TempDir static Path folder;
  private static TestRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.start(folder);
  }

  @AfterAll
  static void stopRedis() throws Exception {
    redis.close();
  }

  @Override
  EventStore newStore() {
    return RedisEventStore.connect(redis.newStore());
  }
}
