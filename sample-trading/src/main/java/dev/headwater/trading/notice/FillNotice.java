package dev.headwater.trading.notice;

import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.time.Instant;

/**
 * Tells the owner of an order that it has traded.
 *
 * @param id the same whenever this notice is sent: who has had one with it forgets the others
 * @param trade number of the trade in its book
 * @param side of the order
 * @param maker whether the order rested
 * @param leaves what is left of the order
 * @param tradedAt in the market's time
 */
public record FillNotice(
    String id,
    String symbol,
    String order,
    long trade,
    Side side,
    boolean maker,
    Price price,
    Quantity quantity,
    Quantity leaves,
    Instant tradedAt) {}
