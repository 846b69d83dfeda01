package dev.headwater.trading.simulation;

import dev.headwater.trading.instrument.InstrumentCommand.ListInstrument;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import java.util.List;

/**
 * An instrument of the simulated session.
 *
 * @param firstPrice around which the session begins
 */
public record Listing(String symbol, ListInstrument terms, Price firstPrice) {
  static final List<Listing> ALL =
      List.of(
          of("ALPN", "Alpine Rail", "0.01", "1", "48.20"),
          of("BRKT", "Bracket Tools", "0.01", "1", "131.75"),
          of("CRNE", "Crane Shipping", "0.05", "10", "512.40"),
          of("DELT", "Delta Grain", "0.0005", "100", "3.8725"),
          of("ETNA", "Etna Power", "0.25", "0.1", "2417.50"));

  private static Listing of(String symbol, String name, String tick, String lot, String price) {
    return new Listing(
        symbol,
        new ListInstrument(name, Price.parse(tick), Quantity.parse(lot)),
        Price.parse(price));
  }
}
