package dev.headwater.aggregate;

import dev.headwater.codec.EventCodec;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import java.util.concurrent.CompletableFuture;

/**
 * One type of aggregate: how its commands are decided and where its events are kept. What the
 * mailboxes of a runtime have in common; thread-safe.
 */
record AggregateType<C, S, E>(
    AggregateHistory<S, E> history,
    Decider<C, S, E> decider,
    EventCodec codec,
    AppendToStream store,
    RuntimeOptions options,
    SnapshotWriter<S> snapshots,
    Newcomers newcomers) {
  AggregateType(
      AggregateHistory<S, E> history,
      Decider<C, S, E> decider,
      EventCodec codec,
      AppendToStream store,
      RuntimeOptions options,
      SnapshotWriter<S> snapshots) {
    this(history, decider, codec, store, options, snapshots, new Newcomers());
  }

  Durability durability() {
    return options.durability().orElseGet(store::durability);
  }

  /** Appends as durably as is asked; whatever the store throws is in the future. */
  CompletableFuture<AppendResult> append(Commit commit) {
    try {
      return store.append(commit, durability());
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
