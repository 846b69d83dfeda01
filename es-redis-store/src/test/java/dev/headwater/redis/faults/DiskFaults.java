package dev.headwater.redis.faults;

import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.util.Random;

/** A full disk under the append-only file, and space again, and a start on what is there. */
final class DiskFaults {
  private final Random random;

  DiskFaults(Random random) {
    this.random = random;
  }

  /**
   * With {@code always} Redis ends when it can't write, as it must not answer; with {@code
   * everysec} it refuses what comes then.
   */
  Tally run(SmallDisk disk, Fsync fsync, int times) throws Exception {
    RedisServerOptions options =
        RedisServerOptions.in(TestRedis.newFolder())
            .withBinary(TestRedis.binary())
            .withSetting("dir", '"' + disk.folder().toString() + '"');
    try (Victim redis = new Victim(options, fsync);
        Round round = new Round(redis.store(), random)) {
      for (int i = 0; i < times; i++) {
        round.awaitAcknowledged(200);
        disk.fill(random.nextInt(300_000));
        if (fsync == Fsync.ALWAYS) {
          round.await("the end of the server on its full disk", () -> !redis.isAlive());
          disk.free();
          redis.restart();
        } else {
          round.awaitRefused(50);
          disk.free();
        }
        round.awaitAcknowledged(50);
        if (fsync == Fsync.ALWAYS) {
          redis.killAndRestart();
        } else {
          redis.endAndRestart();
        }
      }
      round.awaitAcknowledged(200);
      return round.finish(redis.store());
    }
  }
}
