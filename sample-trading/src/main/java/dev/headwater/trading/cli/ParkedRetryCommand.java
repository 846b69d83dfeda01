package dev.headwater.trading.cli;

import dev.headwater.projection.Retried;
import dev.headwater.trading.venue.Venue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./trading parked retry}. */
@Command(
    name = "retry",
    description =
        "Applies all waiting events of an aggregate in one transaction; if one fails, none.",
    mixinStandardHelpOptions = true)
final class ParkedRetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private ParkedOptions parkedOptions;

  @Option(
      names = "--who",
      paramLabel = "NAME",
      description = "who tries it, for the record (default: the user of this machine)")
  private String who = System.getProperty("user.name", "unknown");

  @Override
  public Integer call() {
    try (Venue venue = venueOptions.openExisting()) {
      Retried retried =
          venue.parked().retry(parkedOptions.projection(), parkedOptions.stream(), who);
      return parkedOptions.report(
          retried, spec.commandLine().getOut(), spec.commandLine().getErr());
    }
  }
}
