package dev.headwater.trading.book;

import dev.headwater.aggregate.Decider;
import dev.headwater.trading.book.Matching.Incoming;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReplaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReportExecution;
import dev.headwater.trading.book.OrderBookCommand.ReportHiddenTrade;
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
import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an order book. A command that a rule forbids leads to an {@link OrderRejected}
 * rather than to a {@code Rejection}, because a venue has to be able to show what it refused.
 */
public final class OrderBooks implements Decider<OrderBookCommand, OrderBook, OrderBookEvent> {
  /** The aggregate's type in stream ids; the id within it is the instrument's symbol. */
  public static final String TYPE = "OrderBook";

  @Override
  public OrderBook initial() {
    return OrderBook.NOT_OPEN;
  }

  @Override
  public OrderBook evolve(OrderBook book, OrderBookEvent event) {
    return book.after(event);
  }

  @Override
  public List<OrderBookEvent> decide(OrderBookCommand command, OrderBook book) {
    BookOpened terms = book.terms();
    if (command instanceof OpenBook open) {
      return open(open, terms);
    }
    if (terms == null) {
      return rejected(command, RejectReason.BOOK_NOT_OPEN);
    }
    return withBest(
        book.depth(),
        switch (command) {
          case OpenBook c -> open(c, terms);
          case PlaceOrder c -> place(c, book, terms);
          case CancelOrder c -> cancel(c, book);
          case ReduceOrder c -> reduce(c, book, terms);
          case ReplaceOrder c -> replace(c, book, terms);
          case ReportExecution c -> execution(c, book, terms);
          case ReportHiddenTrade c -> hiddenTrade(c, book);
        });
  }

  private static List<OrderBookEvent> open(OpenBook open, @Nullable BookOpened terms) {
    RejectReason wrong = Rules.opening(open);
    if (wrong != null) {
      return rejected(open, wrong);
    }
    BookOpened opened = new BookOpened(open.tickSize(), open.lotSize());
    if (terms == null) {
      return List.of(opened);
    }
    return terms.equals(opened) ? List.of() : rejected(open, RejectReason.BOOK_OPEN_ON_OTHER_TERMS);
  }

  private static List<OrderBookEvent> place(PlaceOrder c, OrderBook book, BookOpened terms) {
    RejectReason wrong = Rules.placing(c, book, terms);
    if (wrong != null) {
      return rejected(c, wrong);
    }
    OrderPlaced placed =
        new OrderPlaced(
            c.orderId(), c.account(), c.side(), c.type(), c.tif(), c.price(), c.quantity());
    return entered(
        c,
        placed,
        new Incoming(c.orderId(), c.side(), c.price(), c.quantity(), placed.restingPrice()),
        book);
  }

  private static List<OrderBookEvent> replace(ReplaceOrder c, OrderBook book, BookOpened terms) {
    RestingOrder order = book.order(c.orderId());
    if (order == null) {
      return rejected(c, missing(c.orderId(), book));
    }
    Price price = c.price() == null ? order.price() : c.price();
    RejectReason wrong = Rules.replacing(c, order, price, book, terms);
    if (wrong != null) {
      return rejected(c, wrong);
    }
    Quantity leaves = c.quantity().minus(order.executed());
    if (leaves.isZero()) {
      return List.of(cancelled(order, null));
    }
    OrderReplaced replaced =
        new OrderReplaced(
            c.orderId(), order.side(), order.price(), order.leaves(), price, c.quantity(), leaves);
    return replaced.keepsPriority()
        ? List.of(replaced)
        : entered(c, replaced, new Incoming(c.orderId(), order.side(), price, leaves, price), book);
  }

  /** An order that comes in with {@code first}: its trades, and what becomes of the remainder. */
  private static List<OrderBookEvent> entered(
      OrderBookCommand command, OrderBookEvent first, Incoming order, OrderBook book) {
    Matching matching = Matching.of(order, book);
    if (matching == null) {
      return rejected(command, RejectReason.TOO_MANY_FILLS);
    }
    List<OrderBookEvent> events = new ArrayList<>(matching.trades().size() + 3);
    events.add(first);
    events.addAll(matching.trades());
    if (!matching.leaves().isZero() && order.restingPrice() == null) {
      events.add(
          new OrderCancelled(
              order.orderId(), order.side(), null, matching.leaves(), CancelReason.UNFILLED, null));
    }
    return events;
  }

  private static List<OrderBookEvent> cancel(CancelOrder c, OrderBook book) {
    RestingOrder order = book.order(c.orderId());
    return order == null
        ? rejected(c, missing(c.orderId(), book))
        : List.of(cancelled(order, c.believedLeaves()));
  }

  private static OrderCancelled cancelled(RestingOrder order, @Nullable Quantity believed) {
    return new OrderCancelled(
        order.orderId(),
        order.side(),
        order.price(),
        order.leaves(),
        CancelReason.REQUESTED,
        order.leaves().equals(believed) ? null : believed);
  }

  private static List<OrderBookEvent> reduce(ReduceOrder c, OrderBook book, BookOpened terms) {
    RestingOrder order = book.order(c.orderId());
    if (order == null) {
      return rejected(c, missing(c.orderId(), book));
    }
    RejectReason wrong = Rules.quantity(c.by(), terms);
    if (wrong != null) {
      return rejected(c, wrong);
    }
    if (c.by().exceeds(order.leaves())) {
      return rejected(c, RejectReason.REDUCTION_TOO_LARGE);
    }
    Quantity leaves = order.leaves().minus(c.by());
    return List.of(
        leaves.isZero()
            ? cancelled(order, null)
            : new OrderReduced(c.orderId(), order.side(), order.price(), c.by(), leaves));
  }

  private static List<OrderBookEvent> execution(
      ReportExecution c, OrderBook book, BookOpened terms) {
    RestingOrder maker = book.order(c.restingOrderId());
    if (maker == null) {
      return rejected(c, missing(c.restingOrderId(), book));
    }
    RejectReason wrong = Rules.quantity(c.quantity(), terms);
    if (wrong != null) {
      return rejected(c, wrong);
    }
    if (c.quantity().exceeds(maker.leaves())) {
      return rejected(c, RejectReason.EXECUTION_TOO_LARGE);
    }
    return List.of(
        new Traded(
            book.trades() + 1,
            maker.orderId(),
            null,
            maker.price(),
            c.quantity(),
            maker.side().opposite(),
            maker.leaves().minus(c.quantity()),
            null,
            null));
  }

  private static List<OrderBookEvent> hiddenTrade(ReportHiddenTrade c, OrderBook book) {
    if (!c.price().isPositive()) {
      return rejected(c, RejectReason.PRICE_NOT_POSITIVE);
    }
    if (!c.quantity().isPositive()) {
      return rejected(c, RejectReason.QUANTITY_NOT_POSITIVE);
    }
    return List.of(new HiddenTraded(book.trades() + 1, c.price(), c.quantity(), c.restingSide()));
  }

  private static RejectReason missing(String orderId, OrderBook book) {
    return book.knows(orderId) ? RejectReason.ORDER_CLOSED : RejectReason.ORDER_UNKNOWN;
  }

  private static List<OrderBookEvent> rejected(OrderBookCommand command, RejectReason reason) {
    return List.of(
        switch (command) {
          case OpenBook c -> new OrderRejected(null, Action.OPEN, reason);
          case PlaceOrder c -> new OrderRejected(c.orderId(), Action.PLACE, reason);
          case CancelOrder c -> new OrderRejected(c.orderId(), Action.CANCEL, reason);
          case ReduceOrder c -> new OrderRejected(c.orderId(), Action.REDUCE, reason);
          case ReplaceOrder c -> new OrderRejected(c.orderId(), Action.REPLACE, reason);
          case ReportExecution c ->
              new OrderRejected(c.restingOrderId(), Action.REPORT_EXECUTION, reason);
          case ReportHiddenTrade c -> new OrderRejected(null, Action.REPORT_HIDDEN_TRADE, reason);
        });
  }

  /**
   * The events, each followed by the new top of the book if it changed that. While an order that
   * comes in crosses the book there is no top to tell.
   */
  private static List<OrderBookEvent> withBest(Depth before, List<OrderBookEvent> events) {
    List<OrderBookEvent> all = new ArrayList<>(2 * events.size());
    Depth depth = before;
    BestBidOffer told = before.best();
    for (OrderBookEvent event : events) {
      all.add(event);
      depth = depth.after(event);
      BestBidOffer best = depth.best();
      if (!best.equals(told) && !best.isCrossed()) {
        all.add(BestChanged.to(best));
        told = best;
      }
    }
    return all;
  }
}
