/** The words that every part of the venue shares: prices, quantities, sides, kinds of orders. */
@NullMarked
package dev.headwater.trading.market;

import org.jspecify.annotations.NullMarked;
