package dev.headwater.store;

/**
 * The store does not know a group that it delivered to: somebody removed it, or a fail-over lost
 * it. {@link DeliverToGroup#deliver} makes it anew, at the place that it is told.
 */
public final class GroupLostException extends EventStoreException {
  /** With a message that names the group and the partition. */
  public GroupLostException(String message) {
    super(message);
  }
}
