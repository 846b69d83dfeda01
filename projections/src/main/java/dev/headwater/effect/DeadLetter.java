package dev.headwater.effect;

import dev.headwater.event.EventType;
import dev.headwater.event.StreamId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that an effect gave up on, or one of the same stream that waits behind it.
 *
 * @param effect name of the effect
 * @param version of the event in its stream
 * @param attempts how often it was tried; 0 if it waits behind another one
 * @param error of the last attempt, one line; null if it was not tried
 * @param firstAt when it was first tried, or began to wait
 * @param lastAt when it was last tried
 */
public record DeadLetter(
    String effect,
    StreamId stream,
    long version,
    EventType type,
    int attempts,
    @Nullable String error,
    Instant firstAt,
    Instant lastAt) {}
