/**
 * The command line: {@code ./trading}, a class for each of its commands.
 *
 * <p>Depends on everything; nothing depends on it.
 */
@NullMarked
package dev.headwater.trading.cli;

import org.jspecify.annotations.NullMarked;
