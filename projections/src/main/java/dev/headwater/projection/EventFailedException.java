package dev.headwater.projection;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;

/** A projection could not handle an event. */
final class EventFailedException extends RuntimeException {
  EventFailedException(String projection, int partition, SequencedEvent at, Throwable cause) {
    super(message(projection, partition, at, cause), cause);
  }

  /** Why an event could not be handled, where a failure says so; else the failure. */
  static Throwable causeOf(Throwable failure) {
    return failure instanceof EventFailedException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** What failed, where and why. */
  static String message(String projection, int partition, SequencedEvent at, Throwable cause) {
    RecordedEvent event = at.event();
    return "projection "
        + projection
        + " can't handle event "
        + event.type()
        + " of stream "
        + event.stream()
        + " at version "
        + event.version()
        + " (partition "
        + partition
        + ", sequence "
        + at.sequence()
        + "): "
        + Failures.describe(cause);
  }
}
