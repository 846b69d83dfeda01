package dev.headwater.trading.cli;

import dev.headwater.projection.ParkedAggregate;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./trading parked list}. */
@Command(
    name = "list",
    description = "Lists the parked aggregates, those first that were parked first.",
    mixinStandardHelpOptions = true)
final class ParkedListCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;

  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      List<ParkedAggregate> parked = venue.parked().list();
      if (parked.isEmpty() && !json) {
        out.println("no aggregate is parked");
      }
      for (ParkedAggregate aggregate : parked) {
        out.println(json ? JSON.writeValueAsString(Line.of(aggregate)) : asLine(aggregate));
      }
      out.flush();
    }
    return 0;
  }

  private static String asLine(ParkedAggregate aggregate) {
    return String.format(
        "%s  %s  %s waiting since %s, tried %d times; at version %d: %s",
        aggregate.projection(),
        aggregate.stream(),
        ParkedOptions.events(aggregate.waitingEvents()),
        aggregate.parkedAt(),
        aggregate.attempts(),
        aggregate.failedVersion(),
        aggregate.error());
  }

  /** The JSON form of a line. */
  private record Line(
      String projection,
      int projectionVersion,
      String stream,
      long failedVersion,
      String errorClass,
      String error,
      int attempts,
      long waitingEvents,
      String parkedAt,
      String lastTryAt) {
    static Line of(ParkedAggregate aggregate) {
      return new Line(
          aggregate.projection().name(),
          aggregate.projection().version(),
          aggregate.stream().toString(),
          aggregate.failedVersion(),
          aggregate.errorClass(),
          aggregate.error(),
          aggregate.attempts(),
          aggregate.waitingEvents(),
          aggregate.parkedAt().toString(),
          aggregate.lastTryAt().toString());
    }
  }
}
