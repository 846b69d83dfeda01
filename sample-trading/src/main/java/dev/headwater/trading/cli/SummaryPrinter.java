package dev.headwater.trading.cli;

import dev.headwater.trading.readmodel.Summary;
import dev.headwater.trading.readmodel.Summary.Candle;
import dev.headwater.trading.readmodel.Summary.Instrument;
import dev.headwater.trading.readmodel.Summary.Trade;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints a {@link Summary} for people. */
final class SummaryPrinter {
  private static final int SHOWN_CANDLES = 10;

  private final PrintWriter out;

  SummaryPrinter(PrintWriter out) {
    this.out = out;
  }

  void print(Summary summary) {
    line(
        "commands",
        "%,d (%,d accepted, %,d rejected)",
        summary.commands(),
        summary.accepted(),
        summary.rejections());
    summary.rejected().forEach((reason, count) -> line("  rejected", "%,d %s", count, reason));
    line("events", "%,d", summary.events());
    line("trades", "%,d, quantity %s", summary.trades(), plain(summary.quantity()));
    if (summary.instruments().size() == 1 && summary.trades() > 0) {
      line(
          "  vwap",
          "%s, high %s, low %s",
          plain(summary.vwap()),
          plain(summary.high()),
          plain(summary.low()));
      line("  first", "%s", trade(summary.firstTrade()));
      line("  last", "%s", trade(summary.lastTrade()));
    }
    if (summary.hiddenTrades() > 0) {
      line(
          "hidden trades",
          "%,d, quantity %s",
          summary.hiddenTrades(),
          plain(summary.hiddenQuantity()));
    }
    line("open orders", "%,d", summary.openOrders());
    line("leaves mismatches", "%,d", summary.leavesMismatches());
    line("candles", "%,d one-minute candles", summary.candles().size());
    printCandles(summary.candles());
    printInstruments(summary.instruments());
    out.flush();
  }

  private void printCandles(List<Candle> candles) {
    if (candles.isEmpty()) {
      return;
    }
    String format = "  %-8s %-20s %10s %10s %10s %10s %12s %7s%n";
    out.printf(format, "symbol", "minute", "open", "high", "low", "close", "volume", "trades");
    candles.stream()
        .limit(SHOWN_CANDLES)
        .forEach(
            c ->
                out.printf(
                    format,
                    c.symbol(),
                    c.time(),
                    plain(c.open()),
                    plain(c.high()),
                    plain(c.low()),
                    plain(c.close()),
                    plain(c.volume()),
                    c.trades()));
    if (candles.size() > SHOWN_CANDLES) {
      out.printf("  ... and %,d more in table candles_1m%n", candles.size() - SHOWN_CANDLES);
    }
  }

  private void printInstruments(List<Instrument> instruments) {
    String format = "  %-8s %7s %12s %11s %10s %10s | %12s %10s | %-10s %-12s%n";
    out.println("instruments and top of book");
    out.printf(
        format,
        "symbol",
        "trades",
        "quantity",
        "vwap",
        "high",
        "low",
        "bid quantity",
        "bid",
        "ask",
        "ask quantity");
    for (Instrument i : instruments) {
      out.printf(
          format,
          i.symbol(),
          i.trades(),
          plain(i.quantity()),
          plain(i.vwap()),
          plain(i.high()),
          plain(i.low()),
          plain(i.bidQuantity()),
          plain(i.bid()),
          plain(i.ask()),
          plain(i.askQuantity()));
    }
  }

  private static String trade(@Nullable Trade trade) {
    return trade == null
        ? "-"
        : trade.time()
            + " "
            + trade.symbol()
            + " "
            + plain(trade.quantity())
            + " @ "
            + plain(trade.price());
  }

  private static String plain(@Nullable BigDecimal value) {
    return value == null ? "-" : value.toPlainString();
  }

  private void line(String label, String format, Object... values) {
    out.printf(Locale.ROOT, "%-18s %s%n", label, String.format(Locale.ROOT, format, values));
  }
}
