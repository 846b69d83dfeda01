package dev.headwater.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** One store, its writers and their ledger, from an empty store to the checker's verdict. */
final class Round implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path file = TestRedis.newFolder().resolve("ledger");
  private final Ledger ledger = new Ledger(file);
  private final Workload workload;
  private final boolean mayLose;

  /** Where nothing may be lost that is acknowledged. */
  Round(RedisStoreOptions options, Random random) {
    this(options, random, false);
  }

  /**
   * Where {@code mayLose}, what is acknowledged within {@link LedgerCheck#UNWRITTEN} before a kill
   * may be gone.
   */
  Round(RedisStoreOptions options, Random random, boolean mayLose) {
    this.mayLose = mayLose;
    workload = new Workload(options, ledger, "round", random, mayLose);
  }

  /** To be said right before a server is killed. */
  void beforeKill() {
    if (mayLose) {
      ledger.killed();
    }
  }

  /** Waits until so many more commits are acknowledged, all begun or ended after this call. */
  void awaitAcknowledged(int more) {
    long goal = ledger.acknowledged() + more;
    await(more + " more acknowledged commits", () -> ledger.acknowledged() >= goal);
  }

  /** Waits until so many more commits are refused. */
  void awaitRefused(int more) {
    long goal = ledger.refused() + more;
    await(more + " more refused commits", () -> ledger.refused() >= goal);
  }

  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      workload.check();
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
      }
      Workload.pause(5);
    }
  }

  /**
   * Ends the writers and has a fresh process compare.
   *
   * @param options how that process reaches the store: not through what makes the fault
   */
  Tally finish(RedisStoreOptions options) throws Exception {
    workload.stop();
    CheckProcess.Verdict verdict = CheckProcess.run(options, file);
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.commits()).isGreaterThanOrEqualTo(ledger.acknowledged() - verdict.lost());
    return new Tally(
        ledger.acknowledged(),
        ledger.refused(),
        ledger.resolved(),
        verdict.lost(),
        verdict.events());
  }

  @Override
  public void close() {
    workload.close();
    ledger.close();
  }
}
