package dev.headwater.redis;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.SnapshotPolicy;
import dev.headwater.event.Metadata;
import dev.headwater.redis.Totals.Added;
import dev.headwater.redis.Totals.Total;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;

/** A process that sends one command to the aggregate {@code large}, and ends with its snapshot. */
final class SendOneCommand {
  private SendOneCommand() {}

  public static void main(String[] args) throws InterruptedException {
    try (RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(args[0]))) {
      AggregateRuntime<Long, Total, Added> totals =
          Totals.runtime(store, store, SnapshotPolicy.every(1_000));
      var outcome = totals.handleAndWait("large", "one", Metadata.atMicros(1), 1L);
      long version = ((Accepted<Added>) outcome).receipt().lastVersion();
      long written = 0;
      for (int i = 0; i < 3_000 && written == 0; i++) {
        var found = store.loadFromSnapshot(totals.history().stream("large"), Totals.STATE.schema());
        written = found instanceof FromSnapshot from ? from.snapshot().version() : 0;
        Thread.sleep(10);
      }
      System.out.println("version " + version + ", snapshot of version " + written);
    }
  }
}
