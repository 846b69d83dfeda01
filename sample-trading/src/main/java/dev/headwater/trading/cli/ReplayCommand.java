package dev.headwater.trading.cli;

import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading replay}. */
@Command(
    name = "replay",
    description = "Makes the read models anew from event ID zero.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Parameters(paramLabel = "PROJECTION", arity = "0..*", description = "which (default: all)")
  private List<String> names = List.of();

  @Override
  public Integer call() {
    Set<String> known =
        Venue.projectionList().stream()
            .map(p -> p.name())
            .collect(Collectors.toCollection(TreeSet::new));
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "there is no projection '" + name + "'; there are " + known);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.open();
        Progress progress = new Progress(venueOptions.headless(), spec.commandLine().getErr())) {
      venue.projections().start();
      replay(venue, names.isEmpty() ? known : Set.copyOf(names), progress, out);
    }
    return 0;
  }

  /** Replays and prints how fast. */
  static void replay(Venue venue, Set<String> names, Progress progress, PrintWriter out) {
    long start = System.nanoTime();
    ReadModels.require(venue.projections().replay(names, progress::replayed));
    double seconds = (System.nanoTime() - start) / 1e9;
    long events = venue.projections().status().getFirst().head();
    out.printf(
        Locale.ROOT,
        "replayed %,d events into %s in %.2f s (%,.0f events/s)%n",
        events,
        String.join(", ", new TreeSet<>(names)),
        seconds,
        events / seconds);
    out.flush();
  }
}
