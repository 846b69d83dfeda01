package dev.headwater.trading.readmodel;

import dev.headwater.event.RecordedEvent;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.readmodel.Row;
import dev.headwater.readmodel.Rows;
import dev.headwater.readmodel.Table;
import dev.headwater.trading.book.OrderBookEvent;
import dev.headwater.trading.book.OrderBookEvent.Action;
import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.BookOpened;
import dev.headwater.trading.book.OrderBookEvent.CancelReason;
import dev.headwater.trading.book.OrderBookEvent.HiddenTraded;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderReduced;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.instrument.InstrumentEvent.InstrumentListed;
import dev.headwater.trading.market.Quantity;
import java.math.BigDecimal;
import java.util.List;

/**
 * Keeps what is known of each order, the listed instruments, and counts of what was accepted and
 * refused.
 */
public final class OrdersProjection implements Projection {
  static final Table INSTRUMENTS =
      Table.named("instruments")
          .key("symbol")
          .columns("name", "tick_size", "lot_size", "listed_at");
  static final Table ORDERS =
      Table.named("orders")
          .key("symbol", "order_id")
          .columns(
              "account",
              "side",
              "type",
              "tif",
              "price",
              "quantity",
              "executed",
              "leaves",
              "status",
              "placed_at",
              "changed_at");
  static final Table ACTIVITY = Table.named("activity").key("symbol", "measure").columns("total");

  static final String EVENTS = "events";
  static final String LEAVES_MISMATCHES = "leavesMismatches";
  static final String ACCEPTED = "accepted:";
  static final String REJECTED = "rejected:";

  @Override
  public String name() {
    return "orders";
  }

  @Override
  public List<String> migrations() {
    return List.of("classpath:db/trading/orders");
  }

  @Override
  public List<Table> tables() {
    return List.of(INSTRUMENTS, ORDERS, ACTIVITY);
  }

  @Override
  public void define(EventHandlers on) {
    on.event(InstrumentListed.class, OrdersProjection::listed);
    on.event(OrderPlaced.class, OrdersProjection::placed);
    on.event(OrderRejected.class, OrdersProjection::rejected);
    on.event(Traded.class, OrdersProjection::traded);
    on.event(HiddenTraded.class, OrdersProjection::hiddenTraded);
    on.event(OrderReduced.class, OrdersProjection::reduced);
    on.event(OrderReplaced.class, OrdersProjection::replaced);
    on.event(OrderCancelled.class, OrdersProjection::cancelled);
    on.event(BestChanged.class, (event, recorded, rows) -> count(EVENTS, recorded, rows));
    on.event(BookOpened.class, (event, recorded, rows) -> count(EVENTS, recorded, rows));
  }

  private static void listed(InstrumentListed event, RecordedEvent recorded, Rows rows) {
    rows.at(INSTRUMENTS, recorded.stream().id())
        .set("name", event.name())
        .set("tick_size", event.tickSize().toBigDecimal())
        .set("lot_size", event.lotSize().toBigDecimal())
        .set("listed_at", recorded.metadata().time());
  }

  private static void placed(OrderPlaced event, RecordedEvent recorded, Rows rows) {
    count(EVENTS, recorded, rows);
    accepted(Action.PLACE, recorded, rows);
    BigDecimal quantity = event.quantity().toBigDecimal();
    order(event.orderId(), recorded, rows)
        .set("account", event.account())
        .set("side", event.side().name())
        .set("type", event.type().name())
        .set("tif", event.tif().name())
        .set("price", event.price() == null ? null : event.price().toBigDecimal())
        .set("quantity", quantity)
        .set("executed", BigDecimal.ZERO)
        .set("leaves", quantity)
        .set("status", "OPEN")
        .set("placed_at", recorded.metadata().time());
  }

  private static void rejected(OrderRejected event, RecordedEvent recorded, Rows rows) {
    count(EVENTS, recorded, rows);
    count(REJECTED + event.reason(), recorded, rows);
  }

  private static void traded(Traded event, RecordedEvent recorded, Rows rows) {
    count(EVENTS, recorded, rows);
    filled(event.maker(), event.quantity(), event.makerLeaves(), recorded, rows);
    if (event.taker() == null || event.takerLeaves() == null) {
      accepted(Action.REPORT_EXECUTION, recorded, rows);
    } else {
      filled(event.taker(), event.quantity(), event.takerLeaves(), recorded, rows);
    }
  }

  private static void hiddenTraded(HiddenTraded event, RecordedEvent recorded, Rows rows) {
    count(EVENTS, recorded, rows);
    accepted(Action.REPORT_HIDDEN_TRADE, recorded, rows);
  }

  private static void filled(
      String orderId, Quantity quantity, Quantity leaves, RecordedEvent recorded, Rows rows) {
    order(orderId, recorded, rows)
        .add("executed", quantity.toBigDecimal())
        .set("leaves", leaves.toBigDecimal())
        .set("status", leaves.isPositive() ? "PARTLY_FILLED" : "FILLED");
  }

  private static void reduced(OrderReduced event, RecordedEvent recorded, Rows rows) {
    count(EVENTS, recorded, rows);
    accepted(Action.REDUCE, recorded, rows);
    order(event.orderId(), recorded, rows)
        .add("quantity", event.by().toBigDecimal().negate())
        .set("leaves", event.leaves().toBigDecimal());
  }

  private static void replaced(OrderReplaced event, RecordedEvent recorded, Rows rows) {
    count(EVENTS, recorded, rows);
    accepted(Action.REPLACE, recorded, rows);
    order(event.orderId(), recorded, rows)
        .set("price", event.price().toBigDecimal())
        .set("quantity", event.quantity().toBigDecimal())
        .set("leaves", event.leaves().toBigDecimal());
  }

  private static void cancelled(OrderCancelled event, RecordedEvent recorded, Rows rows) {
    count(EVENTS, recorded, rows);
    if (event.reason() == CancelReason.REQUESTED) {
      accepted(Action.CANCEL, recorded, rows);
    }
    if (event.believed() != null) {
      count(LEAVES_MISMATCHES, recorded, rows);
    }
    order(event.orderId(), recorded, rows)
        .set("leaves", BigDecimal.ZERO)
        .set("status", "CANCELLED");
  }

  private static Row order(String orderId, RecordedEvent recorded, Rows rows) {
    return rows.at(ORDERS, recorded.stream().id(), orderId)
        .set("changed_at", recorded.metadata().time());
  }

  private static void accepted(OrderBookEvent.Action action, RecordedEvent recorded, Rows rows) {
    count(ACCEPTED + action, recorded, rows);
  }

  private static void count(String measure, RecordedEvent recorded, Rows rows) {
    rows.at(ACTIVITY, recorded.stream().id(), measure).add("total", 1L);
  }
}
