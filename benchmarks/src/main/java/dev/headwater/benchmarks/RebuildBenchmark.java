package dev.headwater.benchmarks;

import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProgressListener;
import dev.headwater.projection.Projection;
import dev.headwater.trading.venue.Venue;
import dev.headwater.trading.venue.VenueSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Defends rows that merge and checkpoints in their transaction: how fast the sample's read models
 * are made anew from ID zero. Reads a data folder that {@code ./trading import} or {@code ./trading
 * demo} has filled.
 *
 * <p>Options and their defaults: {@code --data data --rounds 5}, all projections at once; {@code
 * --projection NAME} only one. The first round is cold and is printed on its own.
 */
public final class RebuildBenchmark {
  private RebuildBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments(args);
    int rounds = arguments.number("rounds", 5);
    String only = arguments.text("projection", "");
    Set<String> names =
        only.isEmpty()
            ? Venue.projectionList().stream().map(Projection::name).collect(Collectors.toSet())
            : Set.of(only);
    Path data = Path.of(arguments.text("data", "data")).toAbsolutePath();
    try (Venue venue = Venue.open(VenueSettings.in(data))) {
      venue.projections().start();
      if (!(venue.projections().awaitCaughtUp(Duration.ofMinutes(10)) instanceof Awaited.Reached)) {
        throw new IllegalStateException(
            "the projections do not catch up: " + venue.projections().status());
      }
      long events = venue.projections().status().getFirst().head();
      double cold = events / seconds(venue, names);
      List<Double> warm = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        warm.add(events / seconds(venue, names));
      }
      warm.sort(null);
      new Measurement("rebuild", "headwater")
          .with("projections", String.join("+", names))
          .with("events", events)
          .with("perSecond", warm.get(rounds / 2))
          .with("coldPerSecond", cold)
          .print(arguments);
    }
  }

  private static double seconds(Venue venue, Set<String> names) {
    long start = System.nanoTime();
    Awaited outcome = venue.projections().replay(names, ProgressListener.NONE);
    if (!(outcome instanceof Awaited.Reached)) {
      throw new IllegalStateException("the replay did not end: " + outcome);
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
