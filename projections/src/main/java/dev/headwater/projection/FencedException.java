package dev.headwater.projection;

import java.util.Set;

/** Partitions are not this instance's any more: others have taken them. Nothing was written. */
final class FencedException extends Exception {
  private final Set<Integer> partitions;

  FencedException(ProjectionId projection, Set<Integer> partitions) {
    super("projection " + projection + " was taken over in partitions " + partitions);
    this.partitions = Set.copyOf(partitions);
  }

  Set<Integer> partitions() {
    return partitions;
  }
}
