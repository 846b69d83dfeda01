package dev.headwater.projection;

import dev.headwater.event.EventType;
import dev.headwater.event.StreamId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What somebody decided about a parked aggregate. */
public sealed interface ParkingDecision {
  /** Which projection it was about. */
  ProjectionId projection();

  /** Which aggregate it was about. */
  StreamId stream();

  /** Who decided. */
  String who();

  /** When. */
  Instant at();

  /** An event is left out of the read model. */
  record Skip(
      ProjectionId projection,
      StreamId stream,
      String who,
      Instant at,
      long version,
      long sequence,
      EventType type,
      String why)
      implements ParkingDecision {}

  /**
   * The waiting events were tried again.
   *
   * @param applied how many events went into the read model: all, or none
   * @param error why the aggregate stayed parked; null if it did not
   */
  record Retry(
      ProjectionId projection,
      StreamId stream,
      String who,
      Instant at,
      long applied,
      @Nullable String error)
      implements ParkingDecision {}
}
