package dev.headwater.trading;

import dev.headwater.codec.EventCodec;
import dev.headwater.trading.book.OrderBookEvent;
import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.BookOpened;
import dev.headwater.trading.book.OrderBookEvent.HiddenTraded;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderReduced;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.instrument.InstrumentEvent;
import dev.headwater.trading.instrument.InstrumentEvent.InstrumentListed;

/** The venue's events under the names and revisions in which they are stored. */
public final class TradingEvents {
  private static final EventCodec CODEC =
      EventCodec.builder()
          .event("InstrumentListed", 1, InstrumentListed.class)
          .complete(InstrumentEvent.class)
          .event("BookOpened", 1, BookOpened.class)
          .event("OrderPlaced", 1, OrderPlaced.class)
          .event("OrderRejected", 1, OrderRejected.class)
          .event("Traded", 1, Traded.class)
          .event("HiddenTraded", 1, HiddenTraded.class)
          .event("OrderReduced", 1, OrderReduced.class)
          .event("OrderReplaced", 1, OrderReplaced.class)
          .event("OrderCancelled", 1, OrderCancelled.class)
          .event("BestChanged", 1, BestChanged.class)
          .complete(OrderBookEvent.class)
          .build();

  private TradingEvents() {}

  /** Reads and writes all events of the venue. */
  public static EventCodec codec() {
    return CODEC;
  }
}
