package dev.headwater.aggregate;

import dev.headwater.codec.StateCodec;
import dev.headwater.store.KeepSnapshots;

/**
 * How an {@link AggregateRuntime} uses snapshots.
 *
 * @param store where they are kept; usually the event store itself
 * @param codec the stored form of the state
 * @param policy when one is written
 */
public record Snapshots<S>(KeepSnapshots store, StateCodec<S> codec, SnapshotPolicy policy) {}
