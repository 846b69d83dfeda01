/** What analysts query: the venue's tables and the projections that keep them. */
@NullMarked
package dev.headwater.trading.readmodel;

import org.jspecify.annotations.NullMarked;
