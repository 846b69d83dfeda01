package dev.headwater.trading.cli;

import dev.headwater.trading.venue.Venue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading projections rollback}. */
@Command(
    name = "rollback",
    description = "Switches the analysts' views back to the version that served last.",
    mixinStandardHelpOptions = true)
final class RollBackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Parameters(paramLabel = "PROJECTION", description = "its name")
  private String name = "";

  @Override
  public Integer call() {
    try (Venue venue = venueOptions.openExisting()) {
      venue.projections().start();
      ReadModels.awaitCaughtUp(venue);
      SwitchCommand.report(venue.versions().rollBack(name, ReadModels.PATIENCE), spec);
    }
    return 0;
  }
}
