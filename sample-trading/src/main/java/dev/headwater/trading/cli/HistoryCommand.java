package dev.headwater.trading.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./trading history}: what happened to an aggregate, as it is stored. */
@Command(
    name = "history",
    description = "Prints an aggregate's events: version, time, event, who, command, data.",
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private StreamOptions streamOptions;

  @Option(
      names = "--from",
      paramLabel = "VERSION",
      description = "version to begin with (default: the first; with --backward the last)")
  private @Nullable Long from;

  @Option(names = "--limit", paramLabel = "N", description = "print at most N events")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--backward", description = "from the last event to the first")
  private boolean backward;

  @Option(
      names = "--order",
      paramLabel = "ORDER_ID",
      description = "only events in which this order takes part")
  private @Nullable String order;

  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Override
  public Integer call() {
    StreamId stream = streamOptions.stream();
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.openExisting()) {
      Stream<RecordedEvent> events =
          backward
              ? venue.store().readBackward(stream, from == null ? Long.MAX_VALUE : from)
              : venue.store().readAll(stream, from == null ? 1 : from);
      Iterator<RecordedEvent> chosen = events.filter(this::concerns).limit(limit).iterator();
      if (!chosen.hasNext()) {
        throw new IllegalArgumentException(
            "no events of " + stream + (order == null ? "" : " for order " + order));
      }
      chosen.forEachRemaining(event -> out.println(json ? asJson(event) : asLine(event)));
      out.flush();
    }
    return 0;
  }

  private boolean concerns(RecordedEvent event) {
    return order == null || JSON.readTree(event.data()).values().stream().anyMatch(this::names);
  }

  private boolean names(JsonNode value) {
    return value.isString() && value.asString().equals(order);
  }

  private static String asLine(RecordedEvent event) {
    String actor = event.metadata().actor();
    return String.format(
        "%6d  %-27s  %-18s  %-10s  %s  %s",
        event.version(),
        event.metadata().time(),
        event.type(),
        actor == null ? "-" : actor,
        event.commitId(),
        new String(event.data(), UTF_8));
  }

  /** The JSON form of a line. */
  private record Line(
      String stream,
      long version,
      Instant time,
      String type,
      @Nullable String actor,
      String commit,
      JsonNode data) {}

  private static String asJson(RecordedEvent event) {
    return JSON.writeValueAsString(
        new Line(
            event.stream().toString(),
            event.version(),
            event.metadata().time(),
            event.type().toString(),
            event.metadata().actor(),
            event.commitId(),
            JSON.readTree(event.data())));
  }
}
