package dev.headwater.trading.cli;

import dev.headwater.aggregate.AggregateHistory;
import dev.headwater.aggregate.Versioned;
import dev.headwater.event.StreamId;
import dev.headwater.trading.book.OrderBook;
import dev.headwater.trading.book.OrderBooks;
import dev.headwater.trading.book.PriceLevel;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./trading state}: what an aggregate is, or was. */
@Command(
    name = "state",
    description =
        "Prints an aggregate's state, now or at any version or time, folded from its events.")
final class StateCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SHOWN_LEVELS = 10;

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private StreamOptions streamOptions;
  @ArgGroup private Moment moment = new Moment();

  @Option(names = "--json", description = "the whole state as JSON")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  /** At most one of them. */
  static final class Moment {
    @Option(
        names = "--version",
        paramLabel = "N",
        description = "after the event with this version")
    private @Nullable Long version;

    @Option(
        names = "--at",
        paramLabel = "TIME",
        description = "at this time of the market, such as 2012-06-21T13:35:00Z")
    private @Nullable Instant time;
  }

  @Override
  public Integer call() {
    StreamId stream = streamOptions.stream();
    try (Venue venue = venueOptions.openExisting()) {
      Versioned<?> state =
          read(
              stream.type().equals(OrderBooks.TYPE)
                  ? venue.books().history()
                  : venue.instruments().history(),
              stream.id());
      if (state.version() == 0) {
        throw new IllegalArgumentException(stream + " has no events" + when());
      }
      print(stream, state);
    }
    return 0;
  }

  private Versioned<?> read(AggregateHistory<?, ?> history, String id) {
    if (moment.version != null) {
      return history.atVersion(id, moment.version);
    }
    return moment.time != null ? history.at(id, moment.time) : history.latest(id);
  }

  private String when() {
    if (moment.version != null) {
      return " up to version " + moment.version;
    }
    return moment.time != null ? " up to " + moment.time : "";
  }

  private void print(StreamId stream, Versioned<?> state) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(state.state()));
    } else {
      out.printf("%s at version %d%n", stream, state.version());
      if (state.state() instanceof OrderBook book) {
        print(book, out);
      } else {
        out.println(state.state());
      }
    }
    out.flush();
  }

  private static void print(OrderBook book, PrintWriter out) {
    out.printf("%s%n%d trades%n", book.terms(), book.trades());
    for (Side side : Side.values()) {
      out.printf("%s: %d orders%n", side, book.orders(side).size());
      for (PriceLevel level : book.depth().top(side, SHOWN_LEVELS)) {
        out.printf("  %12s @ %s%n", level.quantity(), level.price());
      }
    }
  }
}
