package dev.headwater.trading.cli;

import dev.headwater.projection.ProjectionId;
import dev.headwater.projection.SwitchResult;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading projections switch}. */
@Command(
    name = "switch",
    description =
        "Switches the analysts' views to a version that has caught up; the one before is kept.",
    mixinStandardHelpOptions = true)
final class SwitchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Parameters(
      paramLabel = "PROJECTION[@VERSION]",
      description = "without a version the newest one that is being built")
  private String name = "";

  @Override
  public Integer call() {
    try (Venue venue = venueOptions.openExisting()) {
      ProjectionId version = version(venue, name);
      catchUp(venue, version, venueOptions, spec);
      report(venue.versions().switchTo(version, ReadModels.PATIENCE), spec);
    }
    return 0;
  }

  /** The version that an operator names, or the one that is being built. */
  static ProjectionId version(Venue venue, String name) {
    return VersionName.hasVersion(name)
        ? VersionName.parse(name)
        : venue.versions().candidate(name);
  }

  /** Starts the projections and shows how a version catches up, if it has to. */
  static void catchUp(
      Venue venue, ProjectionId version, VenueOptions venueOptions, CommandSpec spec) {
    venue.projections().start();
    try (Progress progress = new Progress(venueOptions.headless(), spec.commandLine().getErr())) {
      ReadModels.require(
          venue.projections().catchUp(Set.of(version.toString()), progress::rebuilt));
    }
    ReadModels.awaitCaughtUp(venue);
  }

  /** Prints what came of it; an error unless the views were switched. */
  static void report(SwitchResult result, CommandSpec spec) {
    PrintWriter out = spec.commandLine().getOut();
    switch (result) {
      case SwitchResult.Switched switched ->
          out.printf(
              "the views show %s now; %s is kept to roll back to%n",
              switched.to(), switched.from());
      case SwitchResult.NotCaughtUp behind ->
          throw new IllegalStateException(
              behind.version()
                  + " is "
                  + behind.events()
                  + " events behind "
                  + behind.waitsFor()
                  + "; switch when ./trading projections list shows no lag");
      case SwitchResult.ViewsInUse inUse -> throw new IllegalStateException(inUse.reason());
    }
    out.flush();
  }
}
