package dev.headwater.redis;

import dev.headwater.store.Durability;

/**
 * What a {@link Barrier} has proven of the commits before it.
 *
 * @param reached the strongest level that is proven
 * @param reason why it is no stronger one, and what to set; empty where nothing more was asked for
 */
record Proof(Durability reached, String reason) {
  static final Proof NONE = new Proof(Durability.memory(), "");
}
