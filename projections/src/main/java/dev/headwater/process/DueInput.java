package dev.headwater.process;

import dev.headwater.event.Metadata;

/** An input that an instance has asked for: a row of {@code process_timer}. */
record DueInput(String id, Kind kind, String name, String detail, Metadata metadata) {
  enum Kind {
    TIMER,
    REJECTED
  }
}
