package dev.headwater.benchmarks;

import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProgressListener;
import dev.headwater.projection.Projection;
import dev.headwater.trading.venue.Venue;
import dev.headwater.trading.venue.VenueSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Defends rows that merge and checkpoints in their transaction: how fast the sample's read models
 * are made anew from ID zero. Reads a data folder that {@code ./trading import} or {@code ./trading
 * demo} has filled. All projections at once, or the one that is named. The first round is cold and
 * is printed on its own.
 */
final class RebuildBenchmark {
  static final Work WORK =
      new Work(
          "rebuild",
          "events a second with which the sample's read models are made anew",
          List.of(
              Option.text("data", "data", "the sample's data folder, filled before"),
              Option.text("projection", "", "only that one"),
              Option.number("rounds", 5, 1, "rounds, the median counts")),
          RebuildBenchmark::run);

  private RebuildBenchmark() {}

  private static void run(Arguments arguments, Consumer<Measurement> results) {
    int rounds = arguments.number("rounds");
    String only = arguments.text("projection");
    Set<String> names =
        only.isEmpty()
            ? Venue.projectionList().stream().map(Projection::name).collect(Collectors.toSet())
            : Set.of(only);
    Path data = Path.of(arguments.text("data")).toAbsolutePath();
    if (!Files.isDirectory(data)) {
      throw new WrongUsage(
          "there is no data folder "
              + data
              + ": fill one with ./trading import or ./trading demo, and name it with --data");
    }
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
      results.accept(
          new Measurement("rebuild", "headwater")
              .with("projections", String.join("+", names))
              .with("events", events)
              .with("perSecond", warm.get(rounds / 2))
              .with("coldPerSecond", cold));
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
