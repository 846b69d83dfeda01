package dev.headwater.projection;

/** Events per second over the last ten seconds. Not thread-safe. */
final class RateMeter {
  private static final int SECONDS = 10;
  private static final long NANOS = 1_000_000_000L;

  private final long[] counts = new long[SECONDS + 1];
  private final long[] seconds = new long[SECONDS + 1];
  private final long started;

  RateMeter(long nanoTime) {
    started = nanoTime;
  }

  void add(long events, long nanoTime) {
    long second = (nanoTime - started) / NANOS;
    int slot = (int) (second % counts.length);
    if (seconds[slot] != second) {
      seconds[slot] = second;
      counts[slot] = 0;
    }
    counts[slot] += events;
  }

  double perSecond(long nanoTime) {
    long now = nanoTime - started;
    long second = now / NANOS;
    long sum = 0;
    for (int i = 0; i < counts.length; i++) {
      if (seconds[i] > second - SECONDS) {
        sum += counts[i];
      }
    }
    // The present second has only begun.
    double window = Math.min(now, (SECONDS - 1) * NANOS + now % NANOS) / (double) NANOS;
    return window <= 0 ? 0 : sum / window;
  }
}
