package dev.headwater.redis.faults;

import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.nio.file.Path;
import java.util.Random;

/** SIGKILL to Redis at random moments, some of them while it rewrites its append-only file. */
final class RedisKills {
  private static final int KILLS_A_ROUND = 20;

  private final Path server;
  private final Fsync fsync;
  private final int maxPauseMillis;
  private final Random random;

  RedisKills(Fsync fsync, Random random) {
    this(TestRedis.binary(), fsync, 300, random);
  }

  /**
   * Of a server with some program.
   *
   * @param maxPauseMillis how long writers go on at most before the next kill
   */
  RedisKills(Path server, Fsync fsync, int maxPauseMillis, Random random) {
    this.server = server;
    this.fsync = fsync;
    this.maxPauseMillis = maxPauseMillis;
    this.random = random;
  }

  Tally run(int kills) throws Exception {
    Tally tally = Tally.NONE;
    for (int done = 0; done < kills; done += KILLS_A_ROUND) {
      tally = tally.plus(round(Math.min(KILLS_A_ROUND, kills - done)));
    }
    return tally;
  }

  private Tally round(int kills) throws Exception {
    RedisServerOptions options = RedisServerOptions.in(TestRedis.newFolder()).withBinary(server);
    try (Victim redis = new Victim(options, fsync);
        Round round = new Round(redis.store(), random, fsync != Fsync.ALWAYS)) {
      if (fsync != Fsync.ALWAYS) {
        redis.endAndRestart(); // or the first kill could take the store itself, made a moment ago
      }
      for (int i = 0; i < kills; i++) {
        round.awaitAcknowledged(50);
        Workload.pause(random.nextInt(maxPauseMillis));
        if (i % 5 == 4) {
          redis.say("BGREWRITEAOF");
        }
        round.beforeKill();
        redis.killAndRestart();
      }
      round.awaitAcknowledged(50);
      return round.finish(redis.store());
    }
  }
}
