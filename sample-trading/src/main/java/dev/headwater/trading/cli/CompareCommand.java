package dev.headwater.trading.cli;

import dev.headwater.event.StreamId;
import dev.headwater.projection.Comparison;
import dev.headwater.projection.ProjectionId;
import dev.headwater.readmodel.RowDifference;
import dev.headwater.readmodel.TableComparison;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading projections compare}. */
@Command(
    name = "compare",
    description =
        "Compares a version with the one that serves, at the same position: row counts, checksums,"
            + " rows that differ. Status 3 if they differ.",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;

  /** So many parked aggregates are named. */
  private static final int PARKED = 5;

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Parameters(
      paramLabel = "PROJECTION[@VERSION]",
      description = "without a version the newest one that is being built")
  private String name = "";

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "how many rows that differ are shown a table (default: ${DEFAULT-VALUE})")
  private int rows = 5;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      ProjectionId version = SwitchCommand.version(venue, name);
      SwitchCommand.catchUp(venue, version, venueOptions, spec);
      Comparison comparison = venue.versions().compare(version, ReadModels.PATIENCE, rows);
      print(out, comparison);
      out.flush();
      return comparison.isSame() ? 0 : DIFFERENT;
    }
  }

  private static void print(PrintWriter out, Comparison comparison) {
    out.printf(
        Locale.ROOT,
        "%s, which serves, and %s, %s%n",
        comparison.serving(),
        comparison.other(),
        comparison.positionsApart() == 0
            ? "at the same position"
            : String.format(
                Locale.ROOT,
                "%,d events apart: one of them does not go on",
                comparison.positionsApart()));
    for (TableComparison table : comparison.tables()) {
      print(out, table);
    }
    print(out, "only in " + comparison.serving(), comparison.onlyServing());
    print(out, "only in " + comparison.other(), comparison.onlyOther());
    boolean parked = parked(out, comparison.serving(), comparison.parkedServing());
    parked |= parked(out, comparison.other(), comparison.parkedOther());
    out.println(comparison.isSame() ? "they are the same" : "THEY DIFFER");
    if (parked && !comparison.isSame()) {
      out.println("rows of parked aggregates are bound to: ./trading parked list");
    }
  }

  /** Whether there are any. */
  private static boolean parked(PrintWriter out, ProjectionId version, List<StreamId> streams) {
    List<String> named = streams.stream().limit(PARKED).map(StreamId::toString).toList();
    int more = streams.size() - named.size();
    print(out, "parked in " + version, more == 0 ? named : more(named, more));
    return !streams.isEmpty();
  }

  private static List<String> more(List<String> named, int more) {
    return Stream.concat(named.stream(), Stream.of("and " + more + " more")).toList();
  }

  private static void print(PrintWriter out, TableComparison table) {
    out.printf(
        Locale.ROOT,
        "  %-16s %,9d rows, checksum %.16s  %s%n",
        table.table(),
        table.serving().rows(),
        table.serving().checksum(),
        table.isSame()
            ? "same"
            : String.format(
                Locale.ROOT,
                "DIFFERENT: %,d rows, checksum %.16s; %,d rows differ",
                table.other().rows(),
                table.other().checksum(),
                table.differing()));
    print(out, "    column that is not in the new one", table.columnsOnlyServing());
    print(out, "    column that is only in the new one", table.columnsOnlyOther());
    for (RowDifference row : table.sample()) {
      out.printf("    %s: %s -> %s%n", shown(row.key()), shown(row.serving()), shown(row.other()));
    }
  }

  private static void print(PrintWriter out, String what, List<String> names) {
    if (!names.isEmpty()) {
      out.printf("%s: %s%n", what, String.join(", ", names));
    }
  }

  private static String shown(@Nullable Map<String, @Nullable String> values) {
    return values == null
        ? "(no such row)"
        : values.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
  }
}
