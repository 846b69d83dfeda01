package dev.headwater.trading.feed;

import dev.headwater.trading.book.OrderBookCommand;
import org.jspecify.annotations.Nullable;

/**
 * A command as a source of orders gives it.
 *
 * @param commandId the same whenever the same source is read again
 * @param occurredAtMicros when it was given, in microseconds since 1970 UTC
 * @param symbol the instrument, and so the order book
 * @param actor who gave it, where that is known
 */
public record TimedCommand(
    String commandId,
    long occurredAtMicros,
    String symbol,
    OrderBookCommand command,
    @Nullable String actor) {}
