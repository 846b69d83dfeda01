package dev.headwater.trading.readmodel;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened in the books of some symbols, as the read models tell it.
 *
 * @param commands accepted and rejected ones
 * @param rejected how many commands were refused, by reason
 * @param events stored events of the books
 * @param trades number of visible trades; quantity to last are of these
 * @param vwap turnover by quantity, to 4 decimals; null without trades; like high and low over all
 *     symbols, and so of use for one
 * @param leavesMismatches cancellations whose sender believed that another quantity was left
 */
public record Summary(
    long commands,
    long accepted,
    Map<String, Long> rejected,
    long events,
    long trades,
    BigDecimal quantity,
    @Nullable BigDecimal vwap,
    @Nullable BigDecimal high,
    @Nullable BigDecimal low,
    @Nullable Trade firstTrade,
    @Nullable Trade lastTrade,
    long hiddenTrades,
    BigDecimal hiddenQuantity,
    long openOrders,
    long leavesMismatches,
    List<Instrument> instruments,
    List<Candle> candles) {

  /** A trade on the tape. */
  public record Trade(String symbol, Instant time, BigDecimal quantity, BigDecimal price) {}

  /**
   * The visible trades of one instrument, and its best bid and offer now; null where there is none.
   */
  public record Instrument(
      String symbol,
      String name,
      long trades,
      BigDecimal quantity,
      @Nullable BigDecimal vwap,
      @Nullable BigDecimal high,
      @Nullable BigDecimal low,
      @Nullable BigDecimal bid,
      @Nullable BigDecimal bidQuantity,
      @Nullable BigDecimal ask,
      @Nullable BigDecimal askQuantity) {}

  /** A minute of visible trades. */
  public record Candle(
      String symbol,
      Instant time,
      BigDecimal open,
      BigDecimal high,
      BigDecimal low,
      BigDecimal close,
      BigDecimal volume,
      long trades) {}

  /** All refused commands. */
  public long rejections() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
