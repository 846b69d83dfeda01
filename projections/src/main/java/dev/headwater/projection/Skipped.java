package dev.headwater.projection;

import dev.headwater.event.EventType;

/** What came of skipping an event of a parked aggregate. */
public sealed interface Skipped {
  /** The event is left out, for good; {@code then} is what came of the events behind it. */
  record Recorded(EventType type, Retried then) implements Skipped {}

  /** No such event waits, so nothing was recorded. */
  record NotWaiting() implements Skipped {}
}
