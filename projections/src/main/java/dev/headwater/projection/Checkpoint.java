package dev.headwater.projection;

import dev.headwater.event.Position;

/**
 * How far a projection has come in a partition.
 *
 * @param token of the owner that may move it on
 */
record Checkpoint(Position position, long token) {
  int partition() {
    return position.partition();
  }
}
