package dev.headwater.trading.cli;

import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProjectionStatus;
import dev.headwater.readmodel.ReadModelFingerprint;
import dev.headwater.readmodel.Table;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** What the commands do with a venue's read models: wait for them, and take their fingerprint. */
final class ReadModels {
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private ReadModels() {}

  /** Waits until they show everything that is stored. */
  static void awaitCaughtUp(Venue venue) {
    require(venue.projections().awaitCaughtUp(PATIENCE));
  }

  /** Tells an operator if the read models leave something out. */
  static void tellOfParked(Venue venue, PrintWriter err) {
    for (ProjectionStatus status : venue.projections().status()) {
      int aggregates = status.parked().aggregates();
      if (aggregates > 0) {
        err.printf(
            "projection %s has parked %d aggregate%s, whose events wait: ./trading parked list%n",
            status.projection(), aggregates, aggregates == 1 ? "" : "s");
        err.flush();
      }
    }
  }

  /** An error for an operator unless the projections got there. */
  static void require(Awaited awaited) {
    switch (awaited) {
      case Awaited.Reached reached -> {}
      case Awaited.TimedOut timedOut ->
          throw new IllegalStateException(describe("has not caught up", timedOut.status()));
      case Awaited.Halted halted ->
          throw new IllegalStateException(describe("has stopped", halted.status()));
    }
  }

  private static String describe(String what, ProjectionStatus status) {
    return "projection "
        + status.projection()
        + " "
        + what
        + " (applied "
        + status.applied()
        + " of "
        + status.head()
        + " events)"
        + (status.lastError() == null ? "" : ": " + status.lastError());
  }

  static ReadModelFingerprint fingerprint(Venue venue) {
    List<Table> tables =
        Venue.projectionList().stream()
            .flatMap(projection -> projection.tables().stream())
            .toList();
    return ReadModelFingerprint.of(venue.readModels(), tables);
  }
}
