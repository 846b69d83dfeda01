package dev.headwater.redis;

import dev.headwater.event.SequencedEvent;
import java.util.List;

/** The wanted events of one reference, which are delivered together. */
record Delivery(LogReference reference, List<SequencedEvent> events) {}
