package dev.headwater.store;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a member of a group wants.
 *
 * @param group one name for all who share the work, such as {@code mail-customers}
 * @param member no other member of the group has this name, and none had it before
 * @param from one position for each partition that the group reads, the same for all members:
 *     behind it the group begins in a partition where the store doesn't know the group. The
 *     position of a commit that is stored together with others may begin before it
 * @param wanted which types to deliver; the others count as acknowledged
 * @param maxEvents about how many events the member holds unacknowledged, from 1 to 5,000; with
 *     these in hand it gets no more
 * @param abandonedAfter how long a member may not poll before others get what it holds; from 100 ms
 */
public record DeliverySpec(
    String group,
    String member,
    List<Position> from,
    Predicate<EventType> wanted,
    int maxEvents,
    Duration abandonedAfter) {
  private static final int MOST_EVENTS = 5_000;
  private static final long LEAST_MILLIS = 100;

  /** Validates. */
  public DeliverySpec {
    from = List.copyOf(from);
    if (from.isEmpty()
        || from.stream().mapToInt(Position::partition).distinct().count() != from.size()) {
      throw new IllegalArgumentException(
          "group " + group + " needs one position a partition, had " + from);
    }
    if (maxEvents < 1 || maxEvents > MOST_EVENTS) {
      throw new IllegalArgumentException(
          "maxEvents must be from 1 to " + MOST_EVENTS + ", was: " + maxEvents);
    }
    if (abandonedAfter.toMillis() < LEAST_MILLIS) {
      throw new IllegalArgumentException(
          "abandonedAfter must be at least " + LEAST_MILLIS + " ms, was: " + abandonedAfter);
    }
  }
}
