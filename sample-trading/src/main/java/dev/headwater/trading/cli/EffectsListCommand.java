package dev.headwater.trading.cli;

import dev.headwater.effect.DeadLetter;
import dev.headwater.effect.Effect;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./trading effects list}. */
@Command(
    name = "list",
    description = "Lists the events that effects gave up on, and those that wait behind them.",
    mixinStandardHelpOptions = true)
final class EffectsListCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      boolean none = true;
      for (Effect effect : EffectOptions.all()) {
        List<DeadLetter> letters = venue.deadLetters(effect).list();
        none &= letters.isEmpty();
        for (DeadLetter letter : letters) {
          out.println(json ? JSON.writeValueAsString(Line.of(letter)) : asLine(letter));
        }
      }
      if (none && !json) {
        out.println("no effect has given up on an event");
      }
      out.flush();
    }
    return 0;
  }

  /** One letter for people. */
  static String asLine(DeadLetter letter) {
    return String.format(
        "%s  %s version %d  %s  %s",
        letter.effect(),
        letter.stream(),
        letter.version(),
        letter.type(),
        letter.error() == null
            ? "waits behind another one since " + letter.firstAt()
            : "tried "
                + letter.attempts()
                + " times, last at "
                + letter.lastAt()
                + ": "
                + letter.error());
  }

  /** The JSON form of a line. */
  private record Line(
      String effect,
      String stream,
      long version,
      String type,
      int attempts,
      @Nullable String error,
      String firstAt,
      String lastAt) {
    static Line of(DeadLetter letter) {
      return new Line(
          letter.effect(),
          letter.stream().toString(),
          letter.version(),
          letter.type().toString(),
          letter.attempts(),
          letter.error(),
          letter.firstAt().toString(),
          letter.lastAt().toString());
    }
  }
}
