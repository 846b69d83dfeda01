package dev.headwater.telemetry;

import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionId;
import dev.headwater.projection.ProjectionMoment;
import dev.headwater.projection.ProjectionMoment.AttemptFailed;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionMoment.CaughtUp;
import dev.headwater.projection.ProjectionMoment.LeasesChanged;
import dev.headwater.projection.ProjectionObserver;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionState;
import dev.headwater.projection.ProjectionStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures projections: how far behind they are, how much they apply and how long that takes. Set
 * with {@link dev.headwater.projection.RunnerSettings#withObserver}, and shown the runner with
 * {@link #watch}. One for an application. Thread-safe.
 */
public final class ProjectionMeters implements ProjectionObserver {
  private final MeterRegistry registry;
  private final Clock clock;
  private final ConcurrentMap<ProjectionId, BatchMeters> byProjection = new ConcurrentHashMap<>();
  private final Set<ProjectionId> gauged = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ProjectionRunner watched;

  /** Measures by the system's clock. */
  public ProjectionMeters(MeterRegistry registry) {
    this(registry, Clock.systemUTC());
  }

  ProjectionMeters(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Registers gauges of what the runner's projections do: lag, state. They ask the runner when they
   * are read, and tell {@code stopped} once it is closed. Versions that the runner begins to run
   * later follow when they take a partition.
   */
  public void watch(ProjectionRunner runner) {
    watched = runner;
    runner.status().forEach(status -> watch(runner, status.projection(), status.version()));
  }

  private void watch(ProjectionRunner runner, String projection, int version) {
    if (!gauged.add(new ProjectionId(projection, version))) {
      return;
    }
    Tags tags = tags(projection, version);
    Supplier<ProjectionStatus> status =
        () ->
            runner.status().stream()
                .filter(one -> one.projection().equals(projection) && one.version() == version)
                .findFirst()
                .orElseThrow();
    LagClock lag = meters(projection, version).lag();
    Gauge.builder("headwater.projection.lag.events", () -> lag.events(status.get()))
        .description("Events that are stored and not yet applied")
        .tags(tags)
        .register(registry);
    Gauge.builder("headwater.projection.lag.time", () -> lag.seconds(status.get()))
        .description("For how long, at most, the oldest of them has been waiting")
        .baseUnit("seconds")
        .tags(tags)
        .register(registry);
    Gauge.builder("headwater.projection.parked", () -> status.get().parked().aggregates())
        .description("Aggregates that wait because one of their events could not be handled")
        .tags(tags)
        .register(registry);
    for (ProjectionState state : ProjectionState.values()) {
      Gauge.builder("headwater.projection.state", () -> status.get().state() == state ? 1 : 0)
          .description("1 for the state that the projection is in, 0 for the others")
          .tags(tags)
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private static Tags tags(String projection, int version) {
    return Tags.of("projection", projection, "version", Integer.toString(version));
  }

  private BatchMeters meters(String projection, int version) {
    return byProjection.computeIfAbsent(
        new ProjectionId(projection, version),
        id -> new BatchMeters(registry, tags(projection, version), clock));
  }

  @Override
  public void observe(Projection projection, ProjectionMoment moment) {
    BatchMeters meters = meters(projection.name(), projection.version());
    ProjectionRunner runner = watched;
    if (runner != null) {
      watch(runner, projection.name(), projection.version());
    }
    switch (moment) {
      case BatchCommitted batch -> meters.committed(batch);
      case CaughtUp caughtUp -> meters.lag().caughtUp();
      case LeasesChanged leases -> meters.changed(leases);
      case AttemptFailed failed -> meters.failed(failed.next());
    }
  }
}
