package dev.headwater.projection;

import dev.headwater.event.StreamId;
import java.time.Instant;

/**
 * An aggregate that a projection does not go on with, because it could not handle one of its
 * events.
 *
 * @param firstSequence where in the partition the first of its waiting events is
 * @param failedVersion the event that could not be handled at the last try, by its version in the
 *     stream
 * @param errorClass simple name of the exception at the last try
 * @param error what it said, one line
 * @param attempts how often it was tried, from 1
 * @param waitingEvents how many events wait, the one that could not be handled included
 */
public record ParkedAggregate(
    ProjectionId projection,
    StreamId stream,
    int partition,
    long epoch,
    long firstSequence,
    long failedVersion,
    String errorClass,
    String error,
    int attempts,
    long waitingEvents,
    Instant parkedAt,
    Instant lastTryAt) {}
