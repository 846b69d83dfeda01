package dev.headwater.telemetry;

import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionMoment;
import dev.headwater.projection.ProjectionMoment.AttemptFailed;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionMoment.CaughtUp;
import dev.headwater.projection.ProjectionObserver;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionState;
import dev.headwater.projection.ProjectionStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToDoubleFunction;

/**
 * Measures projections: how far behind they are, how much they apply and how long that takes. Set
 * with {@link dev.headwater.projection.RunnerSettings#withObserver}, and shown the runner with
 * {@link #watch}. One for an application. Thread-safe.
 */
public final class ProjectionMeters implements ProjectionObserver {
  private final MeterRegistry registry;
  private final Clock clock;
  private final ConcurrentMap<String, BatchMeters> byProjection = new ConcurrentHashMap<>();

  /** Measures by the system's clock. */
  public ProjectionMeters(MeterRegistry registry) {
    this(registry, Clock.systemUTC());
  }

  ProjectionMeters(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Registers gauges of what the runner's projections do: lag and state. They ask the runner when
   * they are read, and tell 0 and {@code stopped} once it is closed.
   */
  public void watch(ProjectionRunner runner) {
    for (ProjectionStatus status : runner.status()) {
      watch(runner, status.projection());
    }
  }

  private void watch(ProjectionRunner runner, String projection) {
    LagClock lag = meters(projection).lag();
    gauge(runner, projection, "headwater.projection.lag.events", ProjectionStatus::lag)
        .description("Events that are stored and not yet applied")
        .register(registry);
    gauge(runner, projection, "headwater.projection.lag.time", lag::lag)
        .description("For how long, at most, the oldest of them has been waiting")
        .baseUnit("seconds")
        .register(registry);
    for (ProjectionState state : ProjectionState.values()) {
      gauge(runner, projection, "headwater.projection.state", s -> s.state() == state ? 1 : 0)
          .description("1 for the state that the projection is in, 0 for the others")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private static Gauge.Builder<ProjectionRunner> gauge(
      ProjectionRunner runner,
      String projection,
      String name,
      ToDoubleFunction<ProjectionStatus> value) {
    return Gauge.builder(name, runner, r -> value.applyAsDouble(r.status(projection)))
        .tags(Tags.of("projection", projection))
        .strongReference(true);
  }

  private BatchMeters meters(String projection) {
    return byProjection.computeIfAbsent(
        projection, name -> new BatchMeters(registry, Tags.of("projection", name), clock));
  }

  @Override
  public void observe(Projection projection, ProjectionMoment moment) {
    BatchMeters meters = meters(projection.name());
    switch (moment) {
      case BatchCommitted batch -> meters.committed(batch);
      case CaughtUp caughtUp -> meters.lag().caughtUp();
      case AttemptFailed failed -> meters.failed(failed.next());
    }
  }
}
