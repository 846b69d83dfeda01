package dev.headwater.projection;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelFingerprint;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Defends writing merged rows in batches of about 20,000 events: rebuilds 500,000 events of 100,000
 * aggregates into 10,000 balances, with or without lineage; each time into a new database, and once
 * more over what is there. Run it with {@code mvn -pl projections test-compile exec:java
 * -Dexec.classpathScope=test -Dexec.mainClass=dev.headwater.projection.RebuildSpeed
 * -Dexec.args="20000 balances-lineage postgresql"}.
 */
public final class RebuildSpeed {
  private static final int AGGREGATES = Integer.getInteger("aggregates", 100_000);
  private static final int EACH = 5;
  private static final int ACCOUNTS = 10_000;
  private static final int ROUNDS = 5;

  private RebuildSpeed() {}

  /**
   * Arguments: batch size; {@code balances}, {@code balances-lineage} or {@code ledger}; {@code h2}
   * or {@code postgresql}. The property {@code aggregates} makes it smaller.
   */
  public static void main(String[] args) throws Exception {
    int batch = args.length > 0 ? Integer.parseInt(args[0]) : RunnerSettings.DEFAULT.batchEvents();
    Projection projection = projection(args.length > 1 ? args[1] : "balances");
    boolean postgresql = args.length > 2 && args[2].equals("postgresql");
    InMemoryEventStore store = new InMemoryEventStore();
    fill(store);
    RunnerSettings settings = RunnerSettings.DEFAULT.withBatchEvents(batch);
    for (int round = 1; round <= ROUNDS; round++) {
      Path folder = Files.createTempDirectory("rebuild");
      try (HikariDataSource database =
          postgresql
              ? PostgresServer.shared().openNewDatabase()
              : ReadModelDatabase.h2File(folder.resolve("read"))) {
        Migrations.framework(database);
        Migrations.application(database, "classpath:db/accounts");
        try (ProjectionRunner runner =
            new ProjectionRunner(store, Accounts.CODEC, database, List.of(projection), settings)) {
          long from = System.nanoTime();
          long cpu = cpu(postgresql);
          runner.start();
          runner.awaitCaughtUp(Duration.ofMinutes(5));
          report("rebuild", System.nanoTime() - from, cpu(postgresql) - cpu);
          long again = System.nanoTime();
          long before = cpu(postgresql);
          runner.replay(Set.of(projection.name()), ProgressListener.NONE);
          report("replay", System.nanoTime() - again, cpu(postgresql) - before);
        }
        if (round == ROUNDS) {
          long start = System.nanoTime();
          System.out.println(ReadModelFingerprint.of(database, projection.tables()));
          System.out.printf("fingerprint: %.2f s%n", (System.nanoTime() - start) / 1e9);
        }
      }
      if (!postgresql) {
        System.out.printf("file: %,d bytes%n", Files.size(folder.resolve("read.mv.db")));
      }
    }
  }

  private static void fill(InMemoryEventStore store) {
    Random random = new Random(1);
    for (int i = 0; i < AGGREGATES; i++) {
      Accounts.AccountEvent[] events = new Accounts.AccountEvent[EACH];
      for (int k = 0; k < EACH; k++) {
        String account = "account-" + random.nextInt(ACCOUNTS);
        events[k] = Accounts.deposited(account, 1 + random.nextInt(1_000));
      }
      Accounts.append(store, "order-" + i, events);
    }
  }

  private static void report(String what, long nanos, long cpuNanos) {
    int events = AGGREGATES * EACH;
    System.out.printf(
        "%s: %.2f s, %,.0f events/s, %.2f us of CPU an event%n",
        what, nanos / 1e9, events * 1e9 / nanos, cpuNanos / 1e3 / events);
  }

  private static Projection projection(String name) {
    return switch (name) {
      case "ledger" -> new Accounts.Ledger();
      case "balances-lineage" ->
          new Accounts.Balances() {
            @Override
            public boolean lineage() {
              return true;
            }
          };
      default -> new Accounts.Balances();
    };
  }

  /** Of this JVM, and of PostgreSQL's processes as long as they live. */
  private static long cpu(boolean postgresql) {
    long own = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    return postgresql ? own + PostgresServer.shared().cpuNanos() : own;
  }
}
