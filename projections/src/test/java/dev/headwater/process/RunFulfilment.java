package dev.headwater.process;

import dev.headwater.effect.EffectSettings;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A process of the operating system that runs the process manager of the tests until killed. */
public final class RunFulfilment {
  static final EffectSettings QUICK =
      EffectSettings.DEFAULT
          .withAttempts(50, Duration.ofMillis(20), Duration.ofMillis(200))
          .withAbandonedAfter(Duration.ofSeconds(2));

  private RunFulfilment() {}

  /** Arguments: address of Redis, namespace, JDBC URL, step to stand still at, which crossing. */
  public static void main(String[] args) {
    Steps steps = new Steps(args[3], Integer.parseInt(args[4]));
    var store =
        RedisEventStore.connect(
            RedisStoreOptions.at(args[0]).withNamespace(args[1]).withPartitions(4));
    var database = ReadModelDatabase.postgresql(args[2], PostgresServer.USER, "");
    ProcessRunner runner =
        ProcessRunner.create(
            Fulfilment.parts(steps.aroundSender(Fulfilment.stock(store)::handleAndWait)),
            steps.aroundStore(store),
            Fulfilment.EVENTS,
            steps.aroundDatabase(database),
            QUICK,
            Duration.ofMillis(100));
    runner.start();
    System.out.println("running");
    while (true) {
      LockSupport.park();
    }
  }
}
