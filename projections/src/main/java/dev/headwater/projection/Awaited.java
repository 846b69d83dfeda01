package dev.headwater.projection;

/** What came of waiting for projections. */
public sealed interface Awaited {
  /**
   * The projections have passed the events asked for: they are in the read model, but for those of
   * parked aggregates, which {@link ProjectionStatus#parked} counts and {@link ParkedAggregates}
   * lists.
   */
  record Reached() implements Awaited {}

  /** They are not yet; {@code status} of a projection that lags. */
  record TimedOut(ProjectionStatus status) implements Awaited {}

  /** They will not be: a projection has failed or was stopped; {@code status} says why. */
  record Halted(ProjectionStatus status) implements Awaited {}
}
