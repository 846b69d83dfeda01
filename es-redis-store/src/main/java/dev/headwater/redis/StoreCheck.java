package dev.headwater.redis;

import dev.headwater.redis.check.CheckReport;
import dev.headwater.redis.check.Finding;
import dev.headwater.redis.check.PartitionCheck;
import java.util.function.Consumer;

/**
 * Reads a whole store and tells what does not hold together: gaps in versions and sequences,
 * commits stored twice, events that no projection sees or that projections see twice, references to
 * nothing. For auditors, and for whoever has just restored a backup. {@link Finding.Kind} lists the
 * rules.
 *
 * <p>It writes nothing, so a user who may read and {@code SCAN} can run it, such as the auditor of
 * the ACL that comes with Headwater, and it may run while others append. It takes a few
 * microseconds of the server for each event, and memory that does not grow with the store, but for
 * one stream's commit ids at a time. For each partition, and once more for each 500,000 events in
 * it, all keys of its server are scanned, those of other namespaces included.
 */
public final class StoreCheck {
  private static final long EVENTS_AT_A_TIME = 500_000;

  private StoreCheck() {}

  /**
   * Checks all partitions, one after another.
   *
   * @param findings told each finding when it is made, on the calling thread
   * @throws dev.headwater.store.StoreUnavailableException if Redis can't be reached or refuses
   * @throws dev.headwater.store.EventStoreException if there is no store, one of a newer layout, or
   *     something else under one of its keys
   */
  public static CheckReport run(RedisStoreOptions options, Consumer<Finding> findings) {
    return run(options, findings, EVENTS_AT_A_TIME);
  }

  static CheckReport run(
      RedisStoreOptions options, Consumer<Finding> findings, long eventsAtATime) {
    try (Connections connections = Connections.to(options);
        Reads reads = new Reads(options, connections)) {
      Keys keys = new Keys(options.namespace(), new StoreLayout(options, reads).check());
      CheckReport report = CheckReport.NONE;
      for (int p = 0; p < keys.partitions(); p++) {
        RawPartition partition = new RawPartition(reads, keys, p);
        report = report.plus(new PartitionCheck(partition, findings, eventsAtATime).run());
      }
      return report;
    }
  }
}
