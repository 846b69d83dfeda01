package dev.headwater.projection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells an observer of one projection's moments, and keeps its failures away from them. */
final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  private final Projection projection;
  private final ProjectionObserver observer;
  private boolean complained;

  Announcer(Projection projection, ProjectionObserver observer) {
    this.projection = projection;
    this.observer = observer;
  }

  void tell(ProjectionMoment moment) {
    try {
      observer.observe(projection, moment);
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      if (!complained) { // once: it may fail at every batch
        complained = true;
        LOG.error(
            "an observer of projection {} has failed; it is told of further moments all the"
                + " same",
            projection.name(),
            e);
      }
    }
  }
}
