package dev.headwater.trading.cli;

import dev.headwater.projection.LastComparison;
import dev.headwater.projection.VersionStatus;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./trading projections list}. */
@Command(
    name = "list",
    description =
        "Lists the versions of the projections: state, events applied, parked aggregates, last"
            + " comparison.",
    mixinStandardHelpOptions = true)
final class ListVersionsCommand implements Callable<Integer> {
  private static final String ROW = "%-16s %-9s %,14d %,12d %,7d  %-20s  %-21s  %s%n";

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      out.printf(
          ROW.replace(",14d", "14s").replace(",12d", "12s").replace(",7d", "7s"),
          "version",
          "state",
          "applied",
          "lag",
          "parked",
          "since",
          "compared",
          "schema");
      for (VersionStatus version : venue.versions().list()) {
        print(out, version);
      }
      out.flush();
    }
    return 0;
  }

  private static void print(PrintWriter out, VersionStatus version) {
    var since = version.switchedAt() == null ? version.createdAt() : version.switchedAt();
    out.printf(
        Locale.ROOT,
        ROW,
        version.id(),
        version.state().name().toLowerCase(Locale.ROOT),
        version.applied(),
        version.lag(),
        version.parked().aggregates(),
        since.truncatedTo(ChronoUnit.SECONDS),
        compared(version.compared()),
        version.schema());
  }

  private static String compared(@Nullable LastComparison last) {
    return last == null ? "-" : (last.same() ? "same as @" : "differs from @") + last.with();
  }
}
