package dev.headwater.trading.instrument;

import dev.headwater.fixture.DeciderFixture;
import dev.headwater.trading.instrument.InstrumentCommand.ListInstrument;
import dev.headwater.trading.instrument.InstrumentEvent.InstrumentListed;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InstrumentsTest {
  private static final Price TICK = Price.parse("0.01");
  private static final Quantity LOT = Quantity.of(1);

  private final DeciderFixture<InstrumentCommand, Instrument, InstrumentEvent> unlisted =
      DeciderFixture.of(new Instruments());

  @Nested
  class listing {
    @Test
    void is_told_once() {
      unlisted
          .when(new ListInstrument("Alpine Rail", TICK, LOT))
          .then(new InstrumentListed("Alpine Rail", TICK, LOT));
      unlisted
          .given(new InstrumentListed("Alpine Rail", TICK, LOT))
          .when(new ListInstrument("Alpine Rail", TICK, LOT))
          .thenNothing();
    }

    @Test
    void on_other_terms_is_rejected() {
      unlisted
          .given(new InstrumentListed("Alpine Rail", TICK, LOT))
          .when(new ListInstrument("Alpine Rail", TICK, Quantity.of(10)))
          .thenRejected("LISTED_ON_OTHER_TERMS");
    }

    @Test
    void needs_terms_above_zero() {
      unlisted
          .when(new ListInstrument("Alpine Rail", TICK, Quantity.ZERO))
          .thenRejected("TERMS_NOT_POSITIVE");
    }
  }
}
