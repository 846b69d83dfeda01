package dev.headwater.store;

/**
 * Delivers what is appended to a group of members at least once each, and remembers what none of
 * them has acknowledged. For handlers with outside effects, which have no transaction to keep a
 * checkpoint in. Implemented by stores beside {@link EventStore}; called by effect runners.
 * Thread-safe.
 */
public interface DeliverToGroup {
  /**
   * Joins a group. Where the group is not known to the store it is made, at the positions of the
   * spec; where it is known it goes on.
   *
   * @throws StoreWentBackException if one of the positions is not part of the store's history (any
   *     more)
   * @throws StoreUnavailableException if the store can't be reached or refuses
   */
  Deliveries deliver(DeliverySpec spec);
}
