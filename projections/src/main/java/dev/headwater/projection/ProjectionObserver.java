package dev.headwater.projection;

/**
 * Hears what projections do, as it happens: the way in for metrics, traces and alarms. Implemented
 * outside of this module, set with {@link RunnerSettings#withObserver}.
 *
 * <p>Called by the projections' own threads, so it is thread-safe, quick, and waits for nothing.
 * What it throws is logged and of no consequence.
 */
@FunctionalInterface
public interface ProjectionObserver {
  /** Hears nothing. */
  ProjectionObserver NONE = (projection, moment) -> {};

  /** Told of one moment of one projection; those of one projection come one after another. */
  void observe(Projection projection, ProjectionMoment moment);

  /** This one first, then another, whatever this one throws. */
  default ProjectionObserver and(ProjectionObserver other) {
    return (projection, moment) -> {
      try {
        observe(projection, moment);
      } finally {
        other.observe(projection, moment);
      }
    };
  }
}
