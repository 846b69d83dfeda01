package dev.headwater.redis.faults;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.util.Random;

/** SIGKILL to Redis at random moments, some of them while it rewrites its append-only file. */
final class RedisKills {
  private static final int KILLS_A_ROUND = 20;
  private static final int MAX_PAUSE_MILLIS = 300;

  private final Fsync fsync;
  private final Random random;

  RedisKills(Fsync fsync, Random random) {
    this.fsync = fsync;
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
    try (Victim redis = new Victim(fsync);
        Round round = new Round(redis.store(), random)) {
      for (int i = 0; i < kills; i++) {
        round.awaitAcknowledged(50);
        Workload.pause(random.nextInt(MAX_PAUSE_MILLIS));
        if (i % 5 == 4) {
          redis.say("BGREWRITEAOF");
        }
        redis.killAndRestart();
      }
      round.awaitAcknowledged(50);
      return round.finish(redis.store());
    }
  }
}
