package dev.headwater.projection;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a projection is doing, at the moment of the question.
 *
 * @param partitions by number; empty before the store was first reached
 * @param eventsPerSecond events applied over the last seconds, passed-over ones included
 * @param parked aggregates that it does not go on with, and their events that wait
 * @param lastError why it is retrying, has failed or was stopped; or what it has recovered from
 */
public record ProjectionStatus(
    String projection,
    int version,
    ProjectionState state,
    List<Partition> partitions,
    double eventsPerSecond,
    ParkedCount parked,
    @Nullable String lastError) {

  /** Copies the list. */
  public ProjectionStatus {
    partitions = List.copyOf(partitions);
  }

  /** Events applied or parked, in all partitions. */
  public long applied() {
    return partitions.stream().mapToLong(Partition::applied).sum();
  }

  /** Events stored, in all partitions. */
  public long head() {
    return partitions.stream().mapToLong(Partition::head).sum();
  }

  /** Events yet to be applied, in all partitions. */
  public long lag() {
    return partitions.stream().mapToLong(Partition::lag).sum();
  }

  /** Time until it has caught up at the present speed; zero while that is not known. */
  public Duration remaining() {
    return eventsPerSecond <= 0
        ? Duration.ZERO
        : Duration.ofMillis((long) (lag() * 1000 / eventsPerSecond));
  }

  /**
   * One partition.
   *
   * @param applied sequence of the last event that is in the read model or parked; 0 for none
   * @param head sequence of the last event in the store, as seen within the last seconds
   * @param here whether this instance runs it; otherwise {@code applied} is as seen within the last
   *     seconds
   */
  public record Partition(int partition, long applied, long head, boolean here) {
    /** Events yet to be applied. */
    public long lag() {
      return head - applied;
    }
  }
}
