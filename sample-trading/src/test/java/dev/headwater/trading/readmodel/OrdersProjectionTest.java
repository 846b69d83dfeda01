package dev.headwater.trading.readmodel;

import static dev.headwater.projection.test.Columns.columns;
import static dev.headwater.projection.test.Key.key;

import dev.headwater.projection.test.OnPostgreSql;
import dev.headwater.projection.test.ProjectionFixture;
import dev.headwater.trading.TradingEvents;
import dev.headwater.trading.book.OrderBookEvent.Action;
import dev.headwater.trading.book.OrderBookEvent.CancelReason;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.book.RejectReason;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OrdersProjectionTest {
  private static final Instant OPEN = Instant.parse("2026-01-05T14:30:00Z");
  private static final Price TEN = Price.parse("10");

  @RegisterExtension
  final ProjectionFixture orders =
      ProjectionFixture.of(new OrdersProjection(), TradingEvents.codec());

  @BeforeEach
  void a_book() {
    orders.in("OrderBook", "AAPL").at(OPEN);
  }

  private static OrderPlaced placed(String order, Side side, long quantity) {
    return new OrderPlaced(
        order, "anna", side, OrderType.LIMIT, TimeInForce.DAY, TEN, Quantity.of(quantity));
  }

  private static Traded traded(long quantity, long makerLeaves, long takerLeaves) {
    return new Traded(
        1,
        "m",
        "t",
        TEN,
        Quantity.of(quantity),
        Side.BUY,
        Quantity.of(makerLeaves),
        Quantity.of(takerLeaves),
        TEN);
  }

  @Test
  @OnPostgreSql
  void a_trade_fills_both_orders() {
    orders
        .given(placed("m", Side.SELL, 30))
        .after(Duration.ofSeconds(1))
        .when(placed("t", Side.BUY, 20), traded(20, 10, 0))
        .thenRow(
            "orders",
            key("AAPL", "m"),
            columns(
                "status",
                "PARTLY_FILLED",
                "executed",
                20,
                "leaves",
                10,
                "placed_at",
                OPEN,
                "changed_at",
                OPEN.plusSeconds(1)))
        .thenRow("orders", key("AAPL", "t"), columns("status", "FILLED", "leaves", 0))
        .thenRow("activity", key("AAPL", "events"), columns("total", 3))
        .thenReplayGivesTheSame();
  }

  @Test
  void what_was_cancelled_has_nothing_left() {
    orders
        .given(placed("m", Side.SELL, 30))
        .when(
            new OrderCancelled("m", Side.SELL, TEN, Quantity.of(30), CancelReason.REQUESTED, null))
        .thenRow(
            "orders", key("AAPL", "m"), columns("status", "CANCELLED", "quantity", 30, "leaves", 0))
        .thenRow("activity", key("AAPL", "accepted:CANCEL"), columns("total", 1));
  }

  @Test
  void a_refused_order_is_counted_and_no_order() {
    orders
        .when(new OrderRejected("x", Action.PLACE, RejectReason.PRICE_NOT_ON_TICK))
        .thenRows("orders")
        .thenRow("activity", key("AAPL", "rejected:PRICE_NOT_ON_TICK"), columns("total", 1));
  }
}
