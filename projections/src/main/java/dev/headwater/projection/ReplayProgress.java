package dev.headwater.projection;

import java.time.Duration;

/**
 * How far a replay, or a version that catches up, has come.
 *
 * @param applied events, passed-over ones included
 * @param total events in the store when the replay began
 * @param eventsPerSecond since it began
 * @param elapsed since it began
 */
public record ReplayProgress(
    String projection,
    int version,
    long applied,
    long total,
    double eventsPerSecond,
    Duration elapsed) {

  /** Time to go at the present speed; zero while that is not known. */
  public Duration remaining() {
    return eventsPerSecond <= 0
        ? Duration.ZERO
        : Duration.ofMillis((long) (Math.max(0, total - applied) * 1000 / eventsPerSecond));
  }
}
