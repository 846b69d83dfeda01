package dev.headwater.store;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;

/**
 * Proof of a stored commit.
 *
 * @param firstVersion version of its first event
 * @param lastVersion version of its last event
 * @param position place of its last event in the order of its partition; a projection at or after
 *     it shows the commit
 * @param duplicate whether the commit was already stored before this append
 * @param durability the level that is proven: at least the one that was asked for, unless the
 *     receipt belongs to {@link AppendResult.NotDurable}
 */
public record Receipt(
    StreamId stream,
    long firstVersion,
    long lastVersion,
    Position position,
    boolean duplicate,
    Durability durability) {}
