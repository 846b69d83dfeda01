package dev.headwater.projection;

/**
 * How much of a projection is parked.
 *
 * @param aggregates that it does not go on with
 * @param events that wait
 */
public record ParkedCount(int aggregates, long events) {
  static final ParkedCount NONE = new ParkedCount(0, 0);
}
