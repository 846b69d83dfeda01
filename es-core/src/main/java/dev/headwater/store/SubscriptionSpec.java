package dev.headwater.store;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a subscriber wants.
 *
 * @param group the consumer group: one name a projection
 * @param consumer the member of the group, for people who look at the store
 * @param from one position for each partition that this subscriber owns; events behind them are
 *     delivered
 * @param wanted which types to deliver; commits without any are passed without being read
 * @param maxEvents about how many events one poll may return, at least 1 (a commit is never
 *     divided)
 */
public record SubscriptionSpec(
    String group,
    String consumer,
    List<Position> from,
    Predicate<EventType> wanted,
    int maxEvents) {
  /** Validates. */
  public SubscriptionSpec {
    from = List.copyOf(from);
    if (from.isEmpty()
        || from.stream().mapToInt(Position::partition).distinct().count() != from.size()) {
      throw new IllegalArgumentException(
          "subscription of " + group + " needs one position a partition, had " + from);
    }
    if (maxEvents < 1) {
      throw new IllegalArgumentException("maxEvents must be at least 1, was: " + maxEvents);
    }
  }
}
