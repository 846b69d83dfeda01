package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.store.StoreUnavailableException;
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
  static Process start(String redis, String database) throws Exception {
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
                redis,
                database)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.inputReader().readLine();
    return process;
  }

  /** Arguments: URI of Redis, URL of the database. */
  public static void main(String[] args) throws Exception {
    RedisStoreOptions options = RedisStoreOptions.at(args[0]).withPartitions(4);
    try (RedisEventStore store = RedisEventStore.connect(options);
        HikariDataSource database =
            ReadModelDatabase.postgresql(args[1], PostgresServer.USER, "")) {
      Operator operator = new Operator(store, database, "process");
      System.out.println("works");
      while (System.in.available() == 0) {
        operator.work();
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** What such an operator does; not thread-safe. */
  static final class Operator {
    private static final int SKIP_EVERY = 4;

    private final ParkedAggregates parked;
    private final String who;
    private int tries;

    Operator(RedisEventStore store, HikariDataSource database, String who) {
      this.parked = new ParkedAggregates(store, Accounts.CODEC, database, List.of(new Poison()));
      this.who = who;
    }

    /** Tries once what is parked now; what is in the way may pass until the next time. */
    void work() {
      try {
        workOnce();
      } catch (StoreUnavailableException | ReadModelException e) {
        System.err.println(who + ": " + e.getMessage());
      }
    }

    private void workOnce() {
      for (ParkedAggregate aggregate : parked.list()) {
        StreamId stream = aggregate.stream();
        if (++tries % SKIP_EVERY == 0) {
          parked.skip("balances", stream, aggregate.failedVersion(), who, "now and then");
        } else {
          parked.retry("balances", stream, who);
        }
      }
    }
  }
}
