package dev.headwater.store;

import dev.headwater.event.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * What a group delivers to one of its members. One thread polls and closes; the other methods may
 * be called from any thread.
 *
 * <p>A partition in which a member holds something unacknowledged is delivered to nobody else. So
 * the events of a partition, and of every stream in it, begin to be handled in their order,
 * whichever members they go to. A member that has nothing unacknowledged in a partition leaves it
 * to whoever polls next.
 *
 * <p>Polling keeps what is held. What a member holds that has not polled for {@link
 * DeliverySpec#abandonedAfter()} is delivered to the next one that polls.
 */
public interface Deliveries extends AutoCloseable {
  /**
   * The next events, of each partition in its order; empty if none arrived within {@code maxWait}
   * or as many are held as may be. It returns also when only others were acknowledged in the
   * meantime.
   *
   * @throws StoreUnavailableException if the store can't be reached now; the same call may be made
   *     again, and what is held stays so
   * @throws GroupLostException if the store does not know the group any more
   * @throws StoreWentBackException if the store's history is no longer the same
   */
  List<Delivered> poll(Duration maxWait);

  /**
   * Tells that these have been handled: they are not delivered again. Of no consequence for those
   * that the member does not hold (any more).
   *
   * @throws StoreUnavailableException if the store can't be reached now; the same call may be made
   *     again
   * @throws GroupLostException if the store does not know the group any more
   */
  void acknowledge(Collection<Delivered> handled);

  /**
   * Whether nobody else is given this now. To be asked before each effect: false means that the
   * member was away for too long, and leaves it to another one.
   */
  boolean holds(Delivered delivered);

  /**
   * Up to where everything was acknowledged by this member, in each partition where that is known:
   * the last known place of a group that is lost.
   */
  List<Position> acknowledged();

  /** Leaves the group. What was not acknowledged goes to the next member that polls, at once. */
  @Override
  void close();
}
