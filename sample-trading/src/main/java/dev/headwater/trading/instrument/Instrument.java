package dev.headwater.trading.instrument;

import dev.headwater.trading.instrument.InstrumentEvent.InstrumentListed;
import org.jspecify.annotations.Nullable;

/**
 * The state of an instrument.
 *
 * @param listing on what terms it is listed; null if it is not
 */
public record Instrument(@Nullable InstrumentListed listing) {}
