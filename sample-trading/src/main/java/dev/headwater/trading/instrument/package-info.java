/** The instruments that the venue trades. */
@NullMarked
package dev.headwater.trading.instrument;

import org.jspecify.annotations.NullMarked;
