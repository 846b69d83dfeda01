package dev.headwater.trading.market;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/**
 * A price of one unit, exact to 8 decimals. In JSON a string, so that no reader rounds it.
 *
 * @param units the price times 10^8
 */
public record Price(long units) implements Comparable<Price> {
  /**
   * Reads a decimal such as {@code 585.33}.
   *
   * @throws IllegalArgumentException if it is no plain decimal, has more than 8 decimals or is out
   *     of range
   */
  @JsonCreator
  public static Price parse(String text) {
    return new Price(FixedPoint.parse(text));
  }

  /**
   * Exactly {@code value * 10^-decimals}, for sources that count in ticks.
   *
   * @throws ArithmeticException if it is out of range
   */
  public static Price ofScaled(long value, int decimals) {
    return new Price(BigDecimal.valueOf(value, decimals - FixedPoint.DECIMALS).longValueExact());
  }

  /** Whether it is above zero. */
  public boolean isPositive() {
    return units > 0;
  }

  /** Whether it is a whole number of ticks. */
  public boolean isMultipleOf(Price tick) {
    return units % tick.units == 0;
  }

  /** The price that is {@code count} ticks higher, or lower where it is negative. */
  public Price plusTicks(long count, Price tick) {
    return new Price(Math.addExact(units, Math.multiplyExact(count, tick.units)));
  }

  /** For calculations beyond the range of a price, such as turnover. */
  public BigDecimal toBigDecimal() {
    return BigDecimal.valueOf(units, FixedPoint.DECIMALS);
  }

  @Override
  public int compareTo(Price other) {
    return Long.compare(units, other.units);
  }

  /** Plain decimal notation without trailing zeros. */
  @Override
  @JsonValue
  public String toString() {
    return FixedPoint.format(units);
  }
}
