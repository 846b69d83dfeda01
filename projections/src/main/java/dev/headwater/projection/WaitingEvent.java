package dev.headwater.projection;

import dev.headwater.event.EventType;
import dev.headwater.event.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits because its aggregate is parked.
 *
 * @param version in its stream
 * @param sequence in its partition
 * @param stored what the store has there; null if it has nothing, or another event: then its
 *     history is no longer the one that was projected
 */
public record WaitingEvent(
    long version, long sequence, EventType type, @Nullable RecordedEvent stored) {}
