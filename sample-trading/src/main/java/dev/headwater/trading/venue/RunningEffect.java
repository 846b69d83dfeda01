package dev.headwater.trading.venue;

import dev.headwater.effect.Effect;
import dev.headwater.effect.EffectRunner;
import dev.headwater.effect.EffectSettings;
import dev.headwater.effect.EffectStatus;
import dev.headwater.event.Position;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.trading.TradingEvents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** An effect that runs on a venue's events. Closed before the venue; thread-safe. */
public final class RunningEffect implements AutoCloseable {
  /** One and a half second of attempts: whoever runs a command waits for what comes of it. */
  private static final EffectSettings SETTINGS =
      EffectSettings.DEFAULT.withAttempts(4, Duration.ofMillis(200), Duration.ofSeconds(1));

  private static final Duration UNTIL_IT_RUNS = Duration.ofSeconds(30);
  private static final long LOOK_NANOS = 5_000_000;

  private final RedisEventStore store;
  private final EffectRunner runner;
  private final List<Position> begun;

  private RunningEffect(RedisEventStore store, EffectRunner runner) {
    this.store = store;
    this.runner = runner;
    this.begun = heads();
  }

  /** Starts it, and returns when nothing that is stored from now on can be missed. */
  static RunningEffect start(Effect effect, RedisEventStore store, DataSource database) {
    EffectRunner runner =
        new EffectRunner(store, TradingEvents.codec(), database, List.of(effect), SETTINGS);
    runner.start();
    boolean runs =
        holdsWithin(
            UNTIL_IT_RUNS, () -> runner.status().getFirst().state() == EffectStatus.State.RUNNING);
    if (!runs) {
      String error = runner.status().getFirst().lastError();
      runner.close();
      throw new IllegalStateException("effect " + effect.name() + " does not run: " + error);
    }
    return new RunningEffect(store, runner);
  }

  /**
   * Waits until what was stored since it began has had its effect, or is a dead letter. What other
   * processes handle of it is not known here, and waited for in vain; what a killed one has left is
   * taken over half a minute after that, and not waited for.
   *
   * @return false if it took too long; the rest has its effect when it runs again
   */
  public boolean awaitCaughtUp(Duration patience) {
    List<Position> heads = heads();
    return holdsWithin(
        patience, () -> heads.stream().allMatch(head -> isHandled(head, acknowledged())));
  }

  private boolean isHandled(Position head, List<Position> acknowledged) {
    return acknowledged.stream()
        .filter(position -> position.partition() == head.partition())
        .findFirst()
        .map(position -> position.isAtOrAfter(head))
        // Nothing came since it began.
        .orElseGet(() -> begun.get(head.partition()).isAtOrAfter(head));
  }

  private List<Position> acknowledged() {
    return runner.status().getFirst().acknowledged();
  }

  private List<Position> heads() {
    return IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
  }

  private static boolean holdsWithin(Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  /** Lets handlers that run come to their end; what is left has its effect when it runs again. */
  @Override
  public void close() {
    runner.close();
  }
}
