package dev.headwater.redis.faults;

import dev.headwater.redis.RedisStoreOptions;
import java.nio.file.Path;
import java.util.Random;

/** A process that writes until it is killed, and says once when it is in full swing. */
final class WriterProcess {
  private static final int FULL_SWING = 50;

  private WriterProcess() {}

  /** Arguments: URI, ledger's file, name of this run, seed. */
  public static void main(String[] args) throws InterruptedException {
    Ledger ledger = new Ledger(Path.of(args[1]));
    try (Workload workload =
        new Workload(
            RedisStoreOptions.at(args[0]),
            ledger,
            args[2],
            new Random(Long.parseLong(args[3])),
            false)) {
      boolean told = false;
      while (true) {
        workload.check();
        if (!told && ledger.acknowledged() >= FULL_SWING) {
          System.out.println("writing");
          told = true;
        }
        Thread.sleep(10);
      }
    }
  }
}
