package dev.headwater.benchmarks;

import dev.headwater.benchmarks.axon.AxonApplication;
import dev.headwater.benchmarks.axon.AxonContestant;
import dev.headwater.benchmarks.axon.JpaDatabase;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An Axon application, driven through its command gateway, on Headwater's engine and on Axon's own
 * JPA engine. Each warms up thrice as long as others, because there is more code to compile.
 *
 * <p>PostgreSQL starts once for all rounds and forces each commit to disk ({@code fsync} and {@code
 * synchronous_commit} are on, as its measurement says): the like of Redis with {@code --fsync
 * always}. With {@code everysec}, Redis promises less than it.
 */
final class AxonContestants {
  private static final int WARM_UPS = 3;

  private AxonContestants() {}

  static Contestant headwater(int concurrency, Fsync fsync) {
    return new Contestant() {
      @Override
      public String name() {
        return "headwater-axon";
      }

      @Override
      public int concurrency() {
        return concurrency;
      }

      @Override
      public int warmUps() {
        return WARM_UPS;
      }

      @Override
      public Round round(Duration length) throws Exception {
        try (Bench bench = Bench.start(fsync);
            AxonContestant axon =
                AxonApplication.headwater(
                    RedisStoreOptions.at(bench.server.uri()).withNamespace("axon"))) {
          return run(axon, concurrency, length, bench::cpu);
        }
      }
    };
  }

  static Contestant jpa(int concurrency) {
    return new Contestant() {
      private @Nullable JpaDatabase database;
      private @Nullable AxonContestant axon;

      @Override
      public String name() {
        return "axon-jpa";
      }

      @Override
      public int concurrency() {
        return concurrency;
      }

      @Override
      public int warmUps() {
        return WARM_UPS;
      }

      @Override
      public Round round(Duration length) throws Exception {
        if (database == null) {
          database = JpaDatabase.start();
        }
        if (axon == null) {
          axon = AxonApplication.jpa(database);
        }
        long pid = database.pid();
        return run(axon, concurrency, length, () -> Cpu.ofFamily(pid));
      }

      @Override
      public Map<String, Object> fields() {
        return database == null ? Map.of() : Map.of("postgresql", database.durability());
      }

      @Override
      public void close() {
        if (axon != null) {
          axon.close();
        }
        if (database != null) {
          database.close();
        }
      }
    };
  }

  private static Round run(
      AxonContestant axon, int concurrency, Duration length, DoubleSupplier serverCpu)
      throws InterruptedException {
    long before = axon.stored();
    Round round =
        ClosedLoop.run(concurrency, length, serverCpu, () -> axon.send(Samples.newId()).join());
    long stored = axon.stored() - before;
    if (stored != round.count()) {
      throw new IllegalStateException(
          axon.name() + " stored " + stored + " events for " + round.count() + " commands");
    }
    return round;
  }
}
