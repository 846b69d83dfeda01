package dev.headwater.projection;

import dev.headwater.event.Position;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How many events lie between positions. */
final class Gap {
  private Gap() {}

  /**
   * Events by which {@code reached} is behind {@code target}, in all partitions. A target of
   * another history than what was reached does not count: there is no way to it.
   */
  static long between(Collection<Position> reached, Collection<Position> target) {
    Map<Integer, Position> at =
        reached.stream().collect(Collectors.toMap(Position::partition, Function.identity()));
    long events = 0;
    for (Position wanted : target) {
      Position here = at.get(wanted.partition());
      if (here == null) {
        events += wanted.sequence();
      } else if (here.epoch() == wanted.epoch()) {
        events += Math.max(0, wanted.sequence() - here.sequence());
      }
    }
    return events;
  }
}
