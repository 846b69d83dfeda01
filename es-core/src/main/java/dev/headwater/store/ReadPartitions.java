package dev.headwater.store;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;

/** Tells how a store's events are spread over partitions and how far each has come. */
public interface ReadPartitions {
  /** Number of partitions, fixed when the store was created. Partitions are numbered from 0. */
  int partitionCount();

  /** The partition that holds a stream; always the same one. */
  int partitionOf(StreamId stream);

  /**
   * Position of the last event of a partition, or its start. Projections measure their lag against
   * it.
   */
  Position head(int partition);
}
