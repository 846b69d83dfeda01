package dev.headwater.redis;

import dev.headwater.event.SequencedEvent;
import java.util.List;

/** The wanted events of one log entry, which are delivered together. */
record Delivery(LogEntry entry, List<SequencedEvent> events) {}
