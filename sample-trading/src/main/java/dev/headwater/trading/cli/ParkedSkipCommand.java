package dev.headwater.trading.cli;

import dev.headwater.projection.Skipped;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./trading parked skip}. */
@Command(
    name = "skip",
    description =
        "Leaves one waiting event out of the read model, records who and why, and tries the rest.",
    mixinStandardHelpOptions = true)
final class ParkedSkipCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private ParkedOptions parkedOptions;

  @Option(
      names = "--event",
      paramLabel = "VERSION",
      required = true,
      description = "which event, by its version in the stream")
  private long event;

  @Option(names = "--who", paramLabel = "NAME", required = true, description = "who decides it")
  private String who = "";

  @Option(names = "--why", paramLabel = "REASON", required = true, description = "why")
  private String why = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      Skipped skipped =
          venue.parked().skip(parkedOptions.projection(), parkedOptions.stream(), event, who, why);
      return switch (skipped) {
        case Skipped.NotWaiting notWaiting -> {
          parkedOptions.find(venue);
          throw new IllegalArgumentException(
              "no event of "
                  + parkedOptions.stream()
                  + " waits at version "
                  + event
                  + "; see ./trading parked show");
        }
        case Skipped.Recorded recorded -> {
          out.printf(
              "skipped event %s of %s at version %d%n",
              recorded.type(), parkedOptions.stream(), event);
          out.flush();
          yield parkedOptions.report(recorded.then(), out, spec.commandLine().getErr());
        }
      };
    }
  }
}
