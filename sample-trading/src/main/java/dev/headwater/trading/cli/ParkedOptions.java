package dev.headwater.trading.cli;

import dev.headwater.event.StreamId;
import dev.headwater.projection.ParkedAggregate;
import dev.headwater.projection.Retried;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import picocli.CommandLine.Parameters;

/** Names a parked aggregate on the command line. */
final class ParkedOptions {
  @Parameters(
      index = "0",
      paramLabel = "PROJECTION",
      description = "orders or market-data; orders@2 where it has several versions")
  private String projection = "";

  @Parameters(index = "1", paramLabel = "TYPE", description = "OrderBook or Instrument")
  private String type = "";

  @Parameters(index = "2", paramLabel = "ID", description = "its id, the symbol")
  private String id = "";

  String projection() {
    return projection;
  }

  StreamId stream() {
    return StreamOptions.stream(type, id);
  }

  /** The aggregate as it is parked. */
  ParkedAggregate find(Venue venue) {
    return venue.parked().find(projection, stream()).orElseThrow(this::notParked);
  }

  IllegalArgumentException notParked() {
    return new IllegalArgumentException(
        "projection " + projection + " has not parked " + stream() + "; see ./trading parked list");
  }

  /** Says what came of a retry; the exit status. */
  int report(Retried retried, PrintWriter out, PrintWriter err) {
    return switch (retried) {
      case Retried.Applied applied -> {
        out.printf(
            "projection %s has applied %s of %s and goes on with it%n",
            projection, events(applied.events()), stream());
        out.flush();
        yield 0;
      }
      case Retried.StillParked still -> {
        err.printf(
            "trading: %s stays parked: event at version %d: %s%n",
            stream(), still.aggregate().failedVersion(), still.aggregate().error());
        err.flush();
        yield 1;
      }
      case Retried.NotParked notParked -> throw notParked();
    };
  }

  static String events(long count) {
    return count + (count == 1 ? " event" : " events");
  }
}
