package dev.headwater.redis;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.redis.Counters.Added;
import dev.headwater.store.EventStore;
import java.util.List;

/** The smallest aggregate: adds up. */
final class Counters implements Decider<Integer, Integer, Added> {
  record Added(int amount) {}

  static AggregateRuntime<Integer, Integer, Added> on(EventStore store) {
    return AggregateRuntime.create(
        "Counter",
        new Counters(),
        Added.class,
        EventCodec.builder().event("Added", 1, Added.class).build(),
        store,
        RuntimeOptions.DEFAULT);
  }

  @Override
  public Integer initial() {
    return 0;
  }

  @Override
  public List<Added> decide(Integer amount, Integer total) {
    return List.of(new Added(amount));
  }

  @Override
  public Integer evolve(Integer total, Added event) {
    return total + event.amount();
  }
}
