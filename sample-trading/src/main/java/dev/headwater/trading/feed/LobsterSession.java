package dev.headwater.trading.feed;

import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBooks;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/** One instrument on one day, and how LOBSTER writes times, prices, sizes and directions. */
record LobsterSession(String symbol, LocalDate date) {
  private static final ZoneId EXCHANGE = ZoneId.of("America/New_York");
  private static final LocalTime OPENING = LocalTime.of(9, 30);
  private static final int PRICE_DECIMALS = 4;
  private static final BigDecimal SECONDS_A_DAY = BigDecimal.valueOf(86_400);

  LobsterSession {
    symbol = new StreamId(OrderBooks.TYPE, symbol).id();
  }

  /** Opens the book when trading begins. */
  TimedCommand open(OpenBook open) {
    return new TimedCommand(
        CommandIds.open(symbol, open), openingMicros(), symbol, open, LobsterFile.PRE_OPEN);
  }

  long openingMicros() {
    return Metadata.micros(date.atTime(OPENING).atZone(EXCHANGE).toInstant());
  }

  /** Seconds after midnight, rounded down to microseconds, which is what metadata keeps. */
  long micros(String text) {
    if (!isDecimal(text)) {
      throw new IllegalArgumentException("'" + text + "' is not a number of seconds");
    }
    BigDecimal seconds = new BigDecimal(text);
    if (seconds.compareTo(SECONDS_A_DAY) >= 0) {
      throw new IllegalArgumentException("'" + text + "' is more seconds than a day has");
    }
    long sinceMidnight = seconds.movePointRight(6).setScale(0, RoundingMode.DOWN).longValueExact();
    return Metadata.micros(date.atStartOfDay(EXCHANGE).toInstant()) + sinceMidnight;
  }

  private static boolean isDecimal(String text) {
    return Character.isDigit(text.charAt(0))
        && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))
        && text.indexOf('.') == text.lastIndexOf('.');
  }

  static long whole(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
  }

  static Price price(String text) {
    return Price.ofScaled(whole(text), PRICE_DECIMALS);
  }

  static Quantity quantity(String text) {
    return Quantity.of(whole(text));
  }

  static Side side(String text) {
    return switch (text) {
      case "1" -> Side.BUY;
      case "-1" -> Side.SELL;
      default -> throw new IllegalArgumentException("'" + text + "' is neither 1 nor -1");
    };
  }
}
