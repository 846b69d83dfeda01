package dev.headwater.trading.cli;

import dev.headwater.projection.ProjectionId;
import dev.headwater.projection.ProjectionStatus;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading projections rebuild}. */
@Command(
    name = "rebuild",
    description =
        "Builds the next version of a projection from event ID zero, beside the one that serves."
            + " Goes on with one that was begun.",
    mixinStandardHelpOptions = true)
final class RebuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Parameters(paramLabel = "PROJECTION", description = "its name")
  private String name = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      ProjectionId version = venue.versions().rebuild(name);
      long start = System.nanoTime();
      venue.projections().start();
      try (Progress progress = new Progress(venueOptions.headless(), spec.commandLine().getErr())) {
        ReadModels.require(
            venue.projections().catchUp(Set.of(version.toString()), progress::rebuilt));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      ProjectionStatus status = venue.projections().status(version.toString());
      out.printf(
          Locale.ROOT,
          "built %s to event %,d in %.2f s; %s@%d still serves%n",
          version,
          status.applied(),
          seconds,
          name,
          venue.projections().status(name).version());
      out.printf("next: ./trading projections compare %s%n", name);
      out.flush();
    }
    return 0;
  }
}
