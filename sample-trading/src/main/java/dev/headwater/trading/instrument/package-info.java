/**
 * The instruments that the venue trades.
 *
 * <p>Depends on {@link dev.headwater.trading.market} alone, and on no infrastructure.
 */
@NullMarked
package dev.headwater.trading.instrument;

import org.jspecify.annotations.NullMarked;
