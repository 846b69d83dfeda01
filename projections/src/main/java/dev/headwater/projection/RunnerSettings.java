package dev.headwater.projection;

import java.time.Duration;

/**
 * How a {@link ProjectionRunner} works.
 *
 * @param batchEvents about how many events are written in one transaction while catching up
 * @param pollWait how long to wait for news at a time; so long may a close take
 * @param retryMin pause after the first failure to reach the database or the store
 * @param retryMax longest pause; it doubles until then
 * @param headsEvery how often to look how far the store has come
 * @param lease how long an instance may be unheard of before others take its partitions; it is
 *     renewed thrice in that time, by the database's clock
 * @param instancesEvery how often to look what other instances do, with one query
 * @param observer hears what the projections do
 * @param parking how many aggregates a projection may park before it stops as failed
 */
public record RunnerSettings(
    int batchEvents,
    Duration pollWait,
    Duration retryMin,
    Duration retryMax,
    Duration headsEvery,
    Duration lease,
    Duration instancesEvery,
    ProjectionObserver observer,
    ParkingLimit parking) {
  /**
   * Good for nearly everyone. An H2 file gains by large batches: measured 1.5 times from 20,000.
   */
  public static final RunnerSettings DEFAULT =
      new RunnerSettings(
          50_000,
          Duration.ofMillis(250),
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          ProjectionObserver.NONE,
          ParkingLimit.DEFAULT);

  /** Validates. */
  public RunnerSettings {
    if (batchEvents < 1) {
      throw new IllegalArgumentException("batchEvents must be at least 1, was: " + batchEvents);
    }
    require("pollWait", pollWait);
    require("retryMin", retryMin);
    require("retryMax", retryMax);
    require("headsEvery", headsEvery);
    require("lease", lease);
    require("instancesEvery", instancesEvery);
  }

  private static void require(String name, Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, was: " + duration);
    }
  }

  /** The same with another batch size. */
  public RunnerSettings withBatchEvents(int events) {
    return new RunnerSettings(
        events, pollWait, retryMin, retryMax, headsEvery, lease, instancesEvery, observer, parking);
  }

  /** The same with other pauses between attempts. */
  public RunnerSettings withRetries(Duration min, Duration max) {
    return new RunnerSettings(
        batchEvents, pollWait, min, max, headsEvery, lease, instancesEvery, observer, parking);
  }

  /** The same with another interval of looking at the store. */
  public RunnerSettings withHeadsEvery(Duration interval) {
    return new RunnerSettings(
        batchEvents,
        pollWait,
        retryMin,
        retryMax,
        interval,
        lease,
        instancesEvery,
        observer,
        parking);
  }

  /** The same with another lease time, and another interval of looking at other instances. */
  public RunnerSettings withLease(Duration time, Duration lookEvery) {
    return new RunnerSettings(
        batchEvents, pollWait, retryMin, retryMax, headsEvery, time, lookEvery, observer, parking);
  }

  /** The same with an observer instead of the one so far. */
  public RunnerSettings withObserver(ProjectionObserver another) {
    return new RunnerSettings(
        batchEvents,
        pollWait,
        retryMin,
        retryMax,
        headsEvery,
        lease,
        instancesEvery,
        another,
        parking);
  }

  /** The same with another limit of parked aggregates. */
  public RunnerSettings withParking(ParkingLimit limit) {
    return new RunnerSettings(
        batchEvents,
        pollWait,
        retryMin,
        retryMax,
        headsEvery,
        lease,
        instancesEvery,
        observer,
        limit);
  }
}
