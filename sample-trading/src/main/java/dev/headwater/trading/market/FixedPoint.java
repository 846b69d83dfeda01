package dev.headwater.trading.market;

/** Exact decimals as a {@code long} in units of 10^-8: text to units and back. */
final class FixedPoint {
  static final int DECIMALS = 8;
  static final long ONE = 100_000_000;

  private FixedPoint() {}

  /** Reads digits with at most one point between them and an optional minus sign. */
  static long parse(String text) {
    boolean negative = text.startsWith("-");
    int start = negative ? 1 : 0;
    int point = text.indexOf('.');
    int wholeEnd = point < 0 ? text.length() : point;
    if (!digits(text, start, wholeEnd) || (point >= 0 && !digits(text, point + 1, text.length()))) {
      throw new IllegalArgumentException("'" + text + "' is not a decimal number");
    }
    int decimals = point < 0 ? 0 : text.length() - point - 1;
    if (decimals > DECIMALS) {
      throw new IllegalArgumentException("'" + text + "' has more than 8 decimals");
    }
    try {
      long fraction = decimals == 0 ? 0 : Long.parseLong(text, point + 1, text.length(), 10);
      for (int i = decimals; i < DECIMALS; i++) {
        fraction *= 10;
      }
      long whole = Long.parseLong(text, start, wholeEnd, 10);
      long units = Math.addExact(Math.multiplyExact(whole, ONE), fraction);
      return negative ? -units : units;
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is out of range: at most " + format(Long.MAX_VALUE), e);
    }
  }

  private static boolean digits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return from < to;
  }

  /** Plain decimal notation without trailing zeros. */
  static String format(long units) {
    long whole = Math.abs(units / ONE);
    long fraction = Math.abs(units % ONE);
    String sign = units < 0 ? "-" : "";
    if (fraction == 0) {
      return sign + whole;
    }
    String digits = Long.toString(ONE + fraction); // a leading 1 keeps the zeros after the point
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return sign + whole + "." + digits.substring(1, end);
  }
}
