package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** SIGKILL to the process that writes, again and again on the same store. */
final class WriterKills {
  private static final int MAX_PAUSE_MILLIS = 500;

  private final Random random;

  WriterKills(Random random) {
    this.random = random;
  }

  Tally run(int kills) throws Exception {
    Path file = TestRedis.newFolder().resolve("ledger");
    try (Victim redis = new Victim(Fsync.EVERYSEC)) {
      for (int i = 0; i < kills; i++) {
        Process writer =
            Jvm.start(
                WriterProcess.class,
                redis.store().uri(),
                file.toString(),
                "run" + i,
                String.valueOf(random.nextLong()));
        try {
          assertThat(writer.inputReader().readLine()).isEqualTo("writing");
          Workload.pause(random.nextInt(MAX_PAUSE_MILLIS));
        } finally {
          writer.destroyForcibly().waitFor();
        }
      }
      CheckProcess.Verdict verdict = CheckProcess.run(redis.store(), file);
      assertThat(verdict.findings()).isEmpty();
      List<Ledger.Line> ledger = Ledger.read(file);
      long acknowledged =
          ledger.stream().filter(line -> line.answer() == Ledger.Answer.STORED).count();
      assertThat(acknowledged).isGreaterThanOrEqualTo(50L * kills);
      return new Tally(
          acknowledged, ledger.size() - acknowledged, 0, verdict.lost(), verdict.events());
    }
  }
}
