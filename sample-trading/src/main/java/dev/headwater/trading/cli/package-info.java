/** The command line: {@code ./trading demo|import|replay|history|state}. */
@NullMarked
package dev.headwater.trading.cli;

import org.jspecify.annotations.NullMarked;
