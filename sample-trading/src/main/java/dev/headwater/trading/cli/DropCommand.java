package dev.headwater.trading.cli;

import dev.headwater.projection.ProjectionId;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading projections drop}. */
@Command(
    name = "drop",
    description = "Removes a version that does not serve, with its tables.",
    mixinStandardHelpOptions = true)
final class DropCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Parameters(paramLabel = "PROJECTION@VERSION", description = "such as orders@1")
  private String name = "";

  @Override
  public Integer call() {
    ProjectionId version = VersionName.parse(name);
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      venue.versions().drop(version);
      out.printf("dropped %s and its tables in schema %s%n", version, version.schema());
      out.flush();
    }
    return 0;
  }
}
