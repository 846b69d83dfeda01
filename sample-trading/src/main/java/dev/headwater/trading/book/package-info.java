/**
 * The order book of one instrument: a matching engine as a pure {@link
 * dev.headwater.aggregate.Decider}.
 *
 * <p>Read {@link dev.headwater.trading.book.OrderBookCommand}, {@link
 * dev.headwater.trading.book.OrderBookEvent}, {@link dev.headwater.trading.book.OrderBook} (state)
 * and {@link dev.headwater.trading.book.OrderBooks} (rules), in this order. Price-time priority:
 * the best price trades first, at one price the order that came first. A trade is at the price of
 * the order that rested. Orders of one account may trade with each other.
 *
 * <p>Depends on {@link dev.headwater.trading.market} alone, and on no infrastructure.
 */
@NullMarked
package dev.headwater.trading.book;

import org.jspecify.annotations.NullMarked;
