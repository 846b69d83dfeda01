package dev.headwater.trading.market;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/**
 * A number of units of an instrument, exact to 8 decimals. In JSON a string, so that no reader
 * rounds it.
 *
 * @param units the quantity times 10^8
 */
public record Quantity(long units) implements Comparable<Quantity> {
  /** Nothing. */
  public static final Quantity ZERO = new Quantity(0);

  /**
   * Reads a decimal such as {@code 0.25}.
   *
   * @throws IllegalArgumentException if it is no plain decimal, has more than 8 decimals or is out
   *     of range
   */
  @JsonCreator
  public static Quantity parse(String text) {
    return new Quantity(FixedPoint.parse(text));
  }

  /**
   * A whole number.
   *
   * @throws ArithmeticException if it is out of range
   */
  public static Quantity of(long whole) {
    return new Quantity(Math.multiplyExact(whole, FixedPoint.ONE));
  }

  /** The sum; throws {@link ArithmeticException} if it is out of range. */
  public Quantity plus(Quantity other) {
    return new Quantity(Math.addExact(units, other.units));
  }

  /** The difference; throws {@link ArithmeticException} if it is out of range. */
  public Quantity minus(Quantity other) {
    return new Quantity(Math.subtractExact(units, other.units));
  }

  /** {@code count} times this; throws {@link ArithmeticException} if it is out of range. */
  public Quantity times(long count) {
    return new Quantity(Math.multiplyExact(units, count));
  }

  /** The smaller of the two. */
  public Quantity min(Quantity other) {
    return units <= other.units ? this : other;
  }

  /** Whether {@code this + other} would leave the range. */
  public boolean overflowsWith(Quantity other) {
    long sum = units + other.units;
    return ((units ^ sum) & (other.units ^ sum)) < 0;
  }

  /** Whether it is above zero. */
  public boolean isPositive() {
    return units > 0;
  }

  /** Whether it is zero. */
  public boolean isZero() {
    return units == 0;
  }

  /** Whether it is more than {@code other}. */
  public boolean exceeds(Quantity other) {
    return units > other.units;
  }

  /** Whether it is a whole number of lots. */
  public boolean isMultipleOf(Quantity lot) {
    return units % lot.units == 0;
  }

  /** For calculations beyond the range of a quantity, such as turnover. */
  public BigDecimal toBigDecimal() {
    return BigDecimal.valueOf(units, FixedPoint.DECIMALS);
  }

  @Override
  public int compareTo(Quantity other) {
    return Long.compare(units, other.units);
  }

  /** Plain decimal notation without trailing zeros. */
  @Override
  @JsonValue
  public String toString() {
    return FixedPoint.format(units);
  }
}
