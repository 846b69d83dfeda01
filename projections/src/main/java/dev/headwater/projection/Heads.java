package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.store.ReadPartitions;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** How far the store had come when last looked at. Thread-safe. */
final class Heads {
  private final ReadPartitions store;
  private volatile List<Position> seen = List.of();

  Heads(ReadPartitions store) {
    this.store = store;
  }

  /** How many partitions the store has. */
  int partitions() {
    return store.partitionCount();
  }

  /** Looks; the heads by number of the partition. */
  List<Position> refresh() {
    List<Position> heads =
        IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
    seen = heads;
    return heads;
  }

  /** What was seen last; empty if the store was never reached. */
  List<Position> seen() {
    return seen;
  }

  /** Events behind {@code reached} in its partitions, as far as seen. */
  long lag(Collection<Position> reached) {
    List<Position> heads = seen;
    long lag = 0;
    for (Position position : reached) {
      if (position.partition() < heads.size()) {
        lag += Math.max(0, heads.get(position.partition()).sequence() - position.sequence());
      }
    }
    return lag;
  }
}
