package dev.headwater.store;

/**
 * Delivers everything that is appended, partition by partition. Implemented by stores; called by
 * projections.
 */
public interface SubscribeToPartitions {
  /**
   * Opens a subscription at the positions that the subscriber has reached.
   *
   * @throws StoreWentBackException if one of the positions is not part of the store's history (any
   *     more)
   */
  Subscription subscribe(SubscriptionSpec spec);
}
