/**
 * A made-up trading session, the same for the same seed: for demonstrations, load and tests that
 * need no market data.
 *
 * <p>Depends on the domain and on {@link dev.headwater.trading.feed}.
 */
@NullMarked
package dev.headwater.trading.simulation;

import org.jspecify.annotations.NullMarked;
