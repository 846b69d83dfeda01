package dev.headwater.trading.instrument;

import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;

/** What can be asked of an instrument. */
public sealed interface InstrumentCommand {
  /** Lists it for trading. Listing again on equal terms does nothing. */
  record ListInstrument(String name, Price tickSize, Quantity lotSize)
      implements InstrumentCommand {}
}
