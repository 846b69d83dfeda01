package dev.headwater.projection;

import org.jspecify.annotations.Nullable;

/**
 * The right to run a partition of a projection, as the database showed it.
 *
 * @param owner an instance; null for nobody
 * @param alive whether the owner was seen within its lease time
 * @param token grows whenever the partition is taken
 */
record Lease(int partition, @Nullable String owner, boolean alive, long token) {
  /** Whether an instance may take it: nobody has it, or the owner is dead or the instance. */
  boolean isFreeFor(String instance) {
    return !alive || instance.equals(owner);
  }

  /** Whether an instance that took it under a token has lost it. */
  boolean isLostTo(String instance, long held) {
    return token > held || (token == held && !instance.equals(owner));
  }
}
