/**
 * The words that every part of the venue shares: prices, quantities, sides, kinds of orders.
 *
 * <p>Depends on no other package of the venue.
 */
@NullMarked
package dev.headwater.trading.market;

import org.jspecify.annotations.NullMarked;
