package dev.headwater.trading.cli;

import dev.headwater.effect.DeadLetter;
import dev.headwater.effect.DeadLetters;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./trading effects skip}. */
@Command(
    name = "skip",
    description = "Gives up one dead letter for good, and records who and why.",
    mixinStandardHelpOptions = true)
final class EffectsSkipCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private EffectOptions effectOptions;

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
      DeadLetters letters = effectOptions.letters(venue);
      List<DeadLetter> found = effectOptions.find(letters);
      boolean dropped =
          found.stream()
              .filter(letter -> letter.version() == event)
              .findFirst()
              .map(letter -> letters.drop(letter, who, why))
              .orElse(false);
      if (!dropped) {
        throw new IllegalArgumentException(
            "no dead letter of "
                + effectOptions.stream()
                + " has version "
                + event
                + "; see ./trading effects show");
      }
      int left = letters.of(effectOptions.stream()).size();
      out.printf("skipped version %d of %s%n", event, effectOptions.stream());
      if (left > 0) {
        out.printf("%s more: ./trading effects retry%n", ParkedOptions.events(left));
      }
      out.flush();
    }
    return 0;
  }
}
