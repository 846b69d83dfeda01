package dev.headwater.trading.instrument;

import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.trading.instrument.InstrumentCommand.ListInstrument;
import dev.headwater.trading.instrument.InstrumentEvent.InstrumentListed;
import java.util.List;

/** The rules of an instrument. */
public final class Instruments implements Decider<InstrumentCommand, Instrument, InstrumentEvent> {
  /** The aggregate's type in stream ids; the id within it is the symbol. */
  public static final String TYPE = "Instrument";

  @Override
  public Instrument initial() {
    return new Instrument(null);
  }

  @Override
  public Instrument evolve(Instrument instrument, InstrumentEvent event) {
    return switch (event) {
      case InstrumentListed e -> new Instrument(e);
    };
  }

  @Override
  public List<InstrumentEvent> decide(InstrumentCommand command, Instrument instrument) {
    return switch (command) {
      case ListInstrument c -> list(c, instrument);
    };
  }

  private static List<InstrumentEvent> list(ListInstrument c, Instrument instrument) {
    if (!c.tickSize().isPositive() || !c.lotSize().isPositive()) {
      throw new Rejection(
          "TERMS_NOT_POSITIVE",
          "tick and lot size must be above zero, were " + c.tickSize() + " and " + c.lotSize());
    }
    InstrumentListed listed = new InstrumentListed(c.name(), c.tickSize(), c.lotSize());
    if (instrument.listing() == null) {
      return List.of(listed);
    }
    if (instrument.listing().equals(listed)) {
      return List.of();
    }
    throw new Rejection(
        "LISTED_ON_OTHER_TERMS", "is listed as " + instrument.listing() + ", not as " + listed);
  }
}
