/**
 * What the parts of the trading venue have in common: the stored names of all its events.
 *
 * <p>Depends on {@link dev.headwater.trading.book} and {@link dev.headwater.trading.instrument}.
 */
@NullMarked
package dev.headwater.trading;

import org.jspecify.annotations.NullMarked;
