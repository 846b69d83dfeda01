package dev.headwater.trading.instrument;

import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;

/** What happens to an instrument. */
public sealed interface InstrumentEvent {
  /** It can be traded from now on. */
  record InstrumentListed(String name, Price tickSize, Quantity lotSize)
      implements InstrumentEvent {}
}
