package dev.headwater.trading.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/** {@code ./trading effects show}. */
@Command(
    name = "show",
    description = "Shows the dead letters of a stream with their events, in their order.",
    mixinStandardHelpOptions = true)
final class EffectsShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private EffectOptions effectOptions;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "print at most N events (default: ${DEFAULT-VALUE})")
  private int limit = 20;

  @Override
  public Integer call() {
    if (limit < 0) {
      throw new IllegalArgumentException("--limit must be at least 0, was: " + limit);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      DeadLetters letters = effectOptions.letters(venue);
      List<DeadLetter> found = effectOptions.find(letters);
      for (DeadLetter letter : found.subList(0, Math.min(limit, found.size()))) {
        out.println(EffectsListCommand.asLine(letter));
        out.printf("    %s%n", new String(letters.event(letter).data(), UTF_8));
      }
      if (found.size() > limit) {
        out.printf("  and %d more%n", found.size() - limit);
      }
      out.flush();
    }
    return 0;
  }
}
