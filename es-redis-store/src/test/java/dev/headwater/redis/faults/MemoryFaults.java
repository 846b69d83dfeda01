package dev.headwater.redis.faults;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Redis reaches its limit of memory, and gets more. */
final class MemoryFaults {
  private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");

  private final Random random;

  MemoryFaults(Random random) {
    this.random = random;
  }

  Tally run(int times) throws Exception {
    try (Victim redis = new Victim(Fsync.EVERYSEC);
        Round round = new Round(redis.store(), random)) {
      for (int i = 0; i < times; i++) {
        round.awaitAcknowledged(200);
        Matcher used = USED.matcher(redis.say("INFO memory"));
        if (!used.find()) {
          throw new AssertionError("no used_memory in INFO memory");
        }
        // A little room, so that the limit is met by an append and not by this command.
        long limit = Long.parseLong(used.group(1)) + random.nextInt(200_000);
        redis.say("CONFIG SET maxmemory " + limit);
        round.awaitRefused(50);
        redis.say("CONFIG SET maxmemory 0");
      }
      round.awaitAcknowledged(200);
      return round.finish(redis.store());
    }
  }
}
