package dev.headwater.redis;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.aggregate.SnapshotPolicy;
import dev.headwater.aggregate.Snapshots;
import dev.headwater.codec.EventCodec;
import dev.headwater.codec.StateCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.KeepSnapshots;
import java.util.List;

/** An aggregate with a small state: the sum of what was added. */
final class Totals implements Decider<Long, Totals.Total, Totals.Added> {
  static final EventCodec CODEC = EventCodec.builder().event("Added", 1, Added.class).build();
  static final StateCodec<Total> STATE = StateCodec.json("Total", 1, Total.class);

  record Added(long amount) {}

  record Total(long sum) {}

  static AggregateRuntime<Long, Total, Added> runtime(
      RedisEventStore store, KeepSnapshots snapshots, SnapshotPolicy policy) {
    return AggregateRuntime.create(
        "Total",
        new Totals(),
        Added.class,
        CODEC,
        store,
        RuntimeOptions.DEFAULT.withCachedAggregates(1),
        new Snapshots<>(snapshots, STATE, policy));
  }

  /** A commit of another process, to a stream that is empty. */
  static Commit commit(StreamId stream, String id, long amount) {
    return new Commit(
        id,
        stream,
        ExpectedVersion.noStream(),
        Metadata.atMicros(1),
        List.of(CODEC.encode(new Added(amount))));
  }

  @Override
  public Total initial() {
    return new Total(0);
  }

  @Override
  public List<Added> decide(Long amount, Total total) {
    return List.of(new Added(amount));
  }

  @Override
  public Total evolve(Total total, Added event) {
    return new Total(total.sum() + event.amount());
  }
}
