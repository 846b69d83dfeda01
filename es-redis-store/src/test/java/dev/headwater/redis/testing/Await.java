package dev.headwater.redis.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what others do in their own time. */
public final class Await {
  private static final long PAUSE_MILLIS = 20;

  private Await() {}

  /** Looks again and again until it holds; fails when the time is over. */
  public static void until(String what, Duration patience, BooleanSupplier holds) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + patience + ": " + what);
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting: " + what, e);
      }
    }
  }
}
