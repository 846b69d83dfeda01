package dev.headwater.trading.cli;

import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionState;
import dev.headwater.projection.ProjectionStatus;
import dev.headwater.projection.ReplayProgress;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    try (Venue venue = venueOptions.openExisting()) {
      venue.projections().start();
      Progress progress = new Progress(venueOptions.headless(), spec.commandLine().getErr());
      replay(venue, names.isEmpty() ? known : Set.copyOf(names), progress, out);
      ReadModels.tellOfParked(venue, spec.commandLine().getErr());
    }
    return 0;
  }

  /** Replays, closes {@code progress}, and prints how fast it was. */
  static void replay(Venue venue, Set<String> names, Progress progress, PrintWriter out) {
    long start = System.nanoTime();
    try (progress) {
      Patience patience = new Patience(venue.projections());
      ReadModels.require(
          venue
              .projections()
              .replay(
                  names,
                  replay -> {
                    patience.check(replay);
                    progress.replayed(replay);
                  }));
    }
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

  /**
   * Gives up a replay that has not moved for a minute because Redis or the database can't be
   * reached.
   */
  private static final class Patience {
    private static final long NANOS = 60_000_000_000L;

    private final ProjectionRunner projections;
    private final Map<String, Long> applied = new HashMap<>();
    private long moved = System.nanoTime();

    Patience(ProjectionRunner projections) {
      this.projections = projections;
    }

    void check(ReplayProgress replay) {
      Long before = applied.put(replay.projection(), replay.applied());
      ProjectionStatus status = projections.status(replay.projection());
      if (status.state() != ProjectionState.RETRYING
          || before == null
          || before != replay.applied()) {
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > NANOS) {
        throw new IllegalStateException(
            "the replay does not go on: "
                + status.lastError()
                + "; when that is mended, ./trading replay makes the read models complete");
      }
    }
  }
}
