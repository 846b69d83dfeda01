package dev.headwater.effect;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How an {@link EffectRunner} works.
 *
 * @param maxEvents how many events of one effect an instance has in hand at most, those that wait
 *     to be tried again included; from 1 to 5,000
 * @param concurrency how many handlers of one effect run at a time; each stream's events are
 *     handled one after another
 * @param attempts how often an event is tried before it becomes a dead letter
 * @param firstPause about how long to wait before the second attempt
 * @param longestPause the pauses double until they are about so long
 * @param abandonedAfter after how long without a sign of life others take over the events that an
 *     instance has in hand; from 100 ms
 */
public record EffectSettings(
    int maxEvents,
    int concurrency,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    Duration abandonedAfter) {
  /**
   * 500 events in hand, 16 at a time, 10 attempts over about 100 seconds, take-over after 30
   * seconds.
   */
  public static final EffectSettings DEFAULT =
      new EffectSettings(
          500, 16, 10, Duration.ofMillis(200), Duration.ofMinutes(1), Duration.ofSeconds(30));

  /** Validates. */
  public EffectSettings {
    if (concurrency < 1 || attempts < 1) {
      throw new IllegalArgumentException(
          "concurrency and attempts must be at least 1, were " + concurrency + " and " + attempts);
    }
    if (firstPause.toMillis() < 1 || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "pauses must be at least 1 ms and grow, were " + firstPause + " and " + longestPause);
    }
  }

  /** The same with other attempts. */
  public EffectSettings withAttempts(int count, Duration first, Duration longest) {
    return new EffectSettings(maxEvents, concurrency, count, first, longest, abandonedAfter);
  }

  /** The same with another time until others take over. */
  public EffectSettings withAbandonedAfter(Duration time) {
    return new EffectSettings(maxEvents, concurrency, attempts, firstPause, longestPause, time);
  }

  /** The pause behind an attempt (from 1): up to a quarter more or less than it should be. */
  public Duration pauseAfter(int attempt) {
    double doubled = firstPause.toMillis() * Math.pow(2, attempt - 1);
    double jitter = ThreadLocalRandom.current().nextDouble(0.75, 1.25);
    return Duration.ofMillis(
        (long) (Math.min(doubled, (double) longestPause.toMillis()) * jitter) + 1);
  }
}
