package dev.headwater.trading.book;

import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;

/** The total quantity at one price of one side. */
public record PriceLevel(Price price, Quantity quantity) {}
