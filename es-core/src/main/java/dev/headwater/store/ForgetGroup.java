package dev.headwater.store;

/**
 * Removes what a store keeps for a group of subscribers. Implemented by stores; called when a
 * group's name will not be used any more, as by a version of a projection that is dropped.
 * Thread-safe.
 */
public interface ForgetGroup {
  /**
   * Forgets a group in all partitions, with everything that was delivered to it and is not
   * acknowledged. A group that is not known is of no consequence, so the call may be repeated.
   *
   * <p>Its members should be gone: one that subscribes or joins afterwards makes it anew, at the
   * positions that it gives; one that is still at work is interrupted by {@link
   * StoreUnavailableException} or {@link GroupLostException}, or goes on where the store keeps
   * nothing for subscribers.
   *
   * @throws StoreUnavailableException if the store can't be reached or refuses
   */
  void forget(String group);
}
