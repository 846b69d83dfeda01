package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.testing.TestRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of an operator whose handlers are mended: it tries again whatever is parked, and now
 * and then leaves an event out, until its standard input ends.
 */
public final class OperatorProcess {
  private OperatorProcess() {}

  /** Starts one and waits until it works. */
  static Process start(RedisStoreOptions store, String database) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // it lives for seconds
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                OperatorProcess.class.getName(),
                TestRedis.shared().uri(),
                store.namespace(),
                database)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.inputReader().readLine();
    return process;
  }

  /** Arguments: URI of Redis, namespace, URL of the database. Prints how often it was of use. */
  public static void main(String[] args) throws Exception {
    RedisStoreOptions options =
        RedisStoreOptions.at(args[0]).withNamespace(args[1]).withPartitions(4);
    try (RedisEventStore store = RedisEventStore.connect(options);
        HikariDataSource database =
            ReadModelDatabase.postgresql(args[2], PostgresServer.USER, "")) {
      Operator operator = new Operator(store, database, "process");
      System.out.println("works");
      while (System.in.available() == 0) {
        operator.work();
        LockSupport.parkNanos(1_000_000);
      }
      System.out.println(operator.resolved());
    }
  }

  /** What such an operator does; not thread-safe. */
  static final class Operator {
    private static final int SKIP_EVERY = 4;

    private final ParkedAggregates parked;
    private final String who;
    private int tries;
    private int resolved;

    Operator(RedisEventStore store, HikariDataSource database, String who) {
      this.parked = new ParkedAggregates(store, Accounts.CODEC, database, List.of(new Poison()));
      this.who = who;
    }

    /** Tries once what is parked now. */
    void work() {
      for (ParkedAggregate aggregate : parked.list()) {
        StreamId stream = aggregate.stream();
        if (++tries % SKIP_EVERY == 0) {
          Skipped skipped =
              parked.skip("balances", stream, aggregate.failedVersion(), who, "now and then");
          resolved += skipped instanceof Skipped.Recorded ? 1 : 0;
        } else if (parked.retry("balances", stream, who) instanceof Retried.Applied) {
          resolved++;
        }
      }
    }

    /** How often it was faster than the others. */
    int resolved() {
      return resolved;
    }
  }
}
