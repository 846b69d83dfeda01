package dev.headwater.telemetry;

import dev.headwater.event.Position;

/** When a commit was stored, as far as the id of its log entry tells. */
final class LogTime {
  /** In milliseconds since 1970: ids below are counters, not times. */
  private static final long EARLIEST = 1_000_000_000_000L;

  private LogTime() {}

  /** Milliseconds since 1970 by the store's clock; 0 where the id is not a time. */
  static long millis(Position position) {
    String id = position.logId();
    int dash = id.indexOf('-');
    if (dash < 0) {
      return 0;
    }
    try {
      long millis = Long.parseLong(id, 0, dash, 10);
      return millis < EARLIEST ? 0 : millis;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
