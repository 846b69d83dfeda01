package dev.headwater.projection;

import dev.headwater.event.Position;

/**
 * How far a projection has come in a partition.
 *
 * @param token of the partition's owner; who does not know it can't move the checkpoint
 */
record Checkpoint(Position position, long token) {
  int partition() {
    return position.partition();
  }
}
