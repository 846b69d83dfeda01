/**
 * What analysts query: the venue's tables and the projections that keep them.
 *
 * <p>Depends on the domain and on {@code projections}.
 */
@NullMarked
package dev.headwater.trading.readmodel;

import org.jspecify.annotations.NullMarked;
