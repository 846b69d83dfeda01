package dev.headwater.trading.cli;

import dev.headwater.event.StreamId;
import dev.headwater.trading.book.OrderBooks;
import dev.headwater.trading.instrument.Instruments;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Names an aggregate on the command line. */
final class StreamOptions {
  private static final List<String> TYPES = List.of(OrderBooks.TYPE, Instruments.TYPE);

  @Parameters(index = "0", paramLabel = "TYPE", description = "OrderBook or Instrument")
  private String type = "";

  @Parameters(index = "1", paramLabel = "ID", description = "its id, the symbol")
  private String id = "";

  StreamId stream() {
    return stream(type, id);
  }

  static StreamId stream(String type, String id) {
    return TYPES.stream()
        .filter(known -> known.equalsIgnoreCase(type))
        .findAny()
        .map(known -> new StreamId(known, id))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there are no aggregates of type '" + type + "'; there are " + TYPES));
  }
}
