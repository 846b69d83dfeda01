package dev.headwater.projection;

/** A projection can't apply events of more aggregates than it may park. */
final class ParkingLimitException extends RuntimeException {
  ParkingLimitException(String projection, ParkingLimit limit, Culprit last) {
    super(message(projection, limit, last), last.cause());
  }

  private static String message(String projection, ParkingLimit limit, Culprit last) {
    String event =
        EventFailedException.message(
            projection, last.event().partition(), last.event().event(), last.cause());
    return limit.aggregates() == 0
        ? event
        : event
            + "; that would be more than "
            + limit.aggregates()
            + " aggregates parked within "
            + limit.window()
            + ", so it is taken for a fault of the projection or its tables: mend that and start"
            + " again";
  }
}
