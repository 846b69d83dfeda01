package dev.headwater.projection;

import dev.headwater.event.StreamId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parks the aggregates of the culprits of one transaction, as long as they are few. */
final class NewlyParked implements Isolation.Verdict {
  private final String projection;
  private final Set<StreamId> held;
  private final ParkingLimit limit;
  private final long parkedBefore;
  private final Map<StreamId, Culprit> culprits = new LinkedHashMap<>();

  /**
   * @param held aggregates that are parked already
   * @param parkedBefore how many were parked within the limit's window
   */
  NewlyParked(String projection, Set<StreamId> held, ParkingLimit limit, long parkedBefore) {
    this.projection = projection;
    this.held = held;
    this.limit = limit;
    this.parkedBefore = parkedBefore;
  }

  Collection<Culprit> culprits() {
    return culprits.values();
  }

  List<PartitionEvent> waitingOf(List<PartitionEvent> events) {
    return events.stream().filter(this::waits).toList();
  }

  @Override
  public boolean waits(PartitionEvent event) {
    StreamId stream = event.stream();
    Culprit culprit = culprits.get(stream);
    return held.contains(stream)
        || (culprit != null && event.version() >= culprit.event().version());
  }

  @Override
  public void blame(Culprit culprit) {
    culprits.put(culprit.event().stream(), culprit);
    if (parkedBefore + culprits.size() > limit.aggregates()) {
      throw new ParkingLimitException(projection, limit, culprit);
    }
  }
}
