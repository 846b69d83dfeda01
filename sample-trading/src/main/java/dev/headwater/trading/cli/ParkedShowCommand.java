package dev.headwater.trading.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.RecordedEvent;
import dev.headwater.projection.ParkedAggregate;
import dev.headwater.projection.ParkingDecision;
import dev.headwater.projection.WaitingEvent;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./trading parked show}. */
@Command(
    name = "show",
    description = "Shows why an aggregate is parked, the events that wait and what was decided.",
    mixinStandardHelpOptions = true)
final class ParkedShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private ParkedOptions parkedOptions;

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
      ParkedAggregate aggregate = parkedOptions.find(venue);
      out.printf(
          "%s in projection %s, partition %d%n",
          aggregate.stream(), aggregate.projection(), aggregate.partition());
      out.printf("parked at   %s%n", aggregate.parkedAt());
      out.printf("tried       %d times, last at %s%n", aggregate.attempts(), aggregate.lastTryAt());
      out.printf("error       at version %d: %s%n", aggregate.failedVersion(), aggregate.error());
      out.printf("waiting     %s%n", ParkedOptions.events(aggregate.waitingEvents()));
      List<WaitingEvent> events =
          venue.parked().waiting(parkedOptions.projection(), parkedOptions.stream(), 1, limit);
      events.forEach(event -> out.println(asLine(event)));
      if (events.size() < aggregate.waitingEvents()) {
        out.printf("  and %d more%n", aggregate.waitingEvents() - events.size());
      }
      venue
          .parked()
          .decisions(parkedOptions.projection(), parkedOptions.stream())
          .forEach(decision -> out.println(asLine(decision)));
      out.flush();
    }
    return 0;
  }

  private static String asLine(WaitingEvent event) {
    RecordedEvent stored = event.stored();
    return String.format(
        "%6d  %-18s  %s",
        event.version(),
        event.type(),
        stored == null ? "is not in the store any more" : new String(stored.data(), UTF_8));
  }

  private static String asLine(ParkingDecision decision) {
    return switch (decision) {
      case ParkingDecision.Skip skip ->
          String.format(
              "skip        of version %d (%s) by %s at %s: %s",
              skip.version(), skip.type(), skip.who(), skip.at(), skip.why());
      case ParkingDecision.Retry retry ->
          String.format(
              "retry       by %s at %s: %s",
              retry.who(),
              retry.at(),
              retry.error() == null
                  ? "applied " + ParkedOptions.events(retry.applied())
                  : retry.error());
    };
  }
}
