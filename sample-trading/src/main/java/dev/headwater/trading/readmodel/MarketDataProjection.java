package dev.headwater.trading.readmodel;

import dev.headwater.event.RecordedEvent;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.readmodel.Rows;
import dev.headwater.readmodel.Table;
import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.HiddenTraded;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderReduced;
import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tape, the history of the best bid and offer, the depth and one-minute candles. Times
 * are the market's, so that an imported day has its own candles. Hidden trades are on the tape,
 * marked, and in no candle.
 */
public final class MarketDataProjection implements Projection {
  static final Table TRADES =
      Table.appendOnly("trades")
          .columns(
              "symbol",
              "trade_no",
              "traded_at",
              "price",
              "quantity",
              "maker_order",
              "taker_order",
              "taker_side",
              "hidden");
  static final Table BEST =
      Table.appendOnly("best_bid_offer")
          .columns("symbol", "version", "changed_at", "bid", "bid_quantity", "ask", "ask_quantity");
  static final Table TOP =
      Table.named("top_of_book")
          .key("symbol")
          .columns("changed_at", "bid", "bid_quantity", "ask", "ask_quantity");
  static final Table DEPTH =
      Table.named("depth_levels").key("symbol", "side", "price").columns("quantity");
  static final Table CANDLES =
      Table.named("candles_1m")
          .key("symbol", "minute_at")
          .columns("open", "high", "low", "close", "volume", "turnover", "trades");

  @Override
  public String name() {
    return "market-data";
  }

  @Override
  public List<String> migrations() {
    return List.of("classpath:db/trading/market-data");
  }

  @Override
  public List<Table> tables() {
    return List.of(TRADES, BEST, TOP, DEPTH, CANDLES);
  }

  @Override
  public void define(EventHandlers on) {
    on.event(Traded.class, MarketDataProjection::traded);
    on.event(HiddenTraded.class, MarketDataProjection::hiddenTraded);
    on.event(BestChanged.class, MarketDataProjection::bestChanged);
    on.event(OrderPlaced.class, MarketDataProjection::placed);
    on.event(OrderReduced.class, MarketDataProjection::reduced);
    on.event(OrderReplaced.class, MarketDataProjection::replaced);
    on.event(OrderCancelled.class, MarketDataProjection::cancelled);
  }

  private static void traded(Traded event, RecordedEvent recorded, Rows rows) {
    String symbol = recorded.stream().id();
    Instant time = recorded.metadata().time();
    BigDecimal price = event.price().toBigDecimal();
    BigDecimal quantity = event.quantity().toBigDecimal();
    rows.append(TRADES)
        .set("symbol", symbol)
        .set("trade_no", event.trade())
        .set("traded_at", time)
        .set("price", price)
        .set("quantity", quantity)
        .set("maker_order", event.maker())
        .set("taker_order", event.taker())
        .set("taker_side", event.takerSide().name())
        .set("hidden", false);
    rows.at(CANDLES, symbol, time.truncatedTo(ChronoUnit.MINUTES))
        .setIfAbsent("open", price)
        .max("high", price)
        .min("low", price)
        .set("close", price)
        .add("volume", quantity)
        .add("turnover", price.multiply(quantity))
        .add("trades", 1L);
    takeOut(symbol, event.takerSide().opposite(), event.price(), event.quantity(), rows);
    takeOut(symbol, event.takerSide(), event.takerPrice(), event.quantity(), rows);
  }

  private static void hiddenTraded(HiddenTraded event, RecordedEvent recorded, Rows rows) {
    rows.append(TRADES)
        .set("symbol", recorded.stream().id())
        .set("trade_no", event.trade())
        .set("traded_at", recorded.metadata().time())
        .set("price", event.price().toBigDecimal())
        .set("quantity", event.quantity().toBigDecimal())
        .set("taker_side", event.restingSide().opposite().name())
        .set("hidden", true);
  }

  private static void bestChanged(BestChanged event, RecordedEvent recorded, Rows rows) {
    String symbol = recorded.stream().id();
    Instant time = recorded.metadata().time();
    BigDecimal bid = decimal(event.bid());
    BigDecimal bidQuantity = decimal(event.bidQuantity());
    BigDecimal ask = decimal(event.ask());
    BigDecimal askQuantity = decimal(event.askQuantity());
    rows.append(BEST)
        .set("symbol", symbol)
        .set("version", recorded.version())
        .set("changed_at", time)
        .set("bid", bid)
        .set("bid_quantity", bidQuantity)
        .set("ask", ask)
        .set("ask_quantity", askQuantity);
    rows.at(TOP, symbol)
        .set("changed_at", time)
        .set("bid", bid)
        .set("bid_quantity", bidQuantity)
        .set("ask", ask)
        .set("ask_quantity", askQuantity);
  }

  private static void placed(OrderPlaced event, RecordedEvent recorded, Rows rows) {
    if (event.rests()) {
      change(
          recorded.stream().id(),
          event.side(),
          event.price(),
          event.quantity().toBigDecimal(),
          rows);
    }
  }

  private static void reduced(OrderReduced event, RecordedEvent recorded, Rows rows) {
    takeOut(recorded.stream().id(), event.side(), event.price(), event.by(), rows);
  }

  private static void replaced(OrderReplaced event, RecordedEvent recorded, Rows rows) {
    String symbol = recorded.stream().id();
    takeOut(symbol, event.side(), event.oldPrice(), event.oldLeaves(), rows);
    change(symbol, event.side(), event.price(), event.leaves().toBigDecimal(), rows);
  }

  private static void cancelled(OrderCancelled event, RecordedEvent recorded, Rows rows) {
    takeOut(recorded.stream().id(), event.side(), event.price(), event.quantity(), rows);
  }

  private static void takeOut(
      String symbol, Side side, @Nullable Price price, Quantity quantity, Rows rows) {
    change(symbol, side, price, quantity.toBigDecimal().negate(), rows);
  }

  private static void change(
      String symbol, Side side, @Nullable Price price, BigDecimal by, Rows rows) {
    if (price != null) {
      rows.at(DEPTH, symbol, side.name(), price.toBigDecimal()).add("quantity", by);
    }
  }

  private static @Nullable BigDecimal decimal(@Nullable Price price) {
    return price == null ? null : price.toBigDecimal();
  }

  private static @Nullable BigDecimal decimal(@Nullable Quantity quantity) {
    return quantity == null ? null : quantity.toBigDecimal();
  }
}
