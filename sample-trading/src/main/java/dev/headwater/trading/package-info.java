/** What the parts of the trading venue have in common: the stored names of all its events. */
@NullMarked
package dev.headwater.trading;

import org.jspecify.annotations.NullMarked;
