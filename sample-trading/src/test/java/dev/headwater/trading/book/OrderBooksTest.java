package dev.headwater.trading.book;

import static dev.headwater.trading.book.RejectReason.*;
import static dev.headwater.trading.market.OrderType.LIMIT;
import static dev.headwater.trading.market.OrderType.MARKET;
import static dev.headwater.trading.market.Side.BUY;
import static dev.headwater.trading.market.Side.SELL;
import static dev.headwater.trading.market.TimeInForce.DAY;
import static dev.headwater.trading.market.TimeInForce.FOK;
import static dev.headwater.trading.market.TimeInForce.IOC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.fixture.DeciderFixture;
import dev.headwater.store.Commit;
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
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OrderBooksTest {
  private final DeciderFixture<OrderBookCommand, OrderBook, OrderBookEvent> closed =
      DeciderFixture.of(new OrderBooks());
  private final DeciderFixture<OrderBookCommand, OrderBook, OrderBookEvent> open =
      closed.givenCommands(new OpenBook(p("0.5"), q("10")));

  private static Price p(String text) {
    return Price.parse(text);
  }

  private static Quantity q(String text) {
    return Quantity.parse(text);
  }

  private static PlaceOrder limit(String id, Side side, String price, String quantity) {
    return limit(id, side, DAY, price, quantity);
  }

  private static PlaceOrder limit(
      String id, Side side, TimeInForce tif, String price, String quantity) {
    return new PlaceOrder(id, null, side, LIMIT, tif, p(price), q(quantity));
  }

  private static PlaceOrder market(String id, Side side, String quantity) {
    return new PlaceOrder(id, null, side, MARKET, IOC, null, q(quantity));
  }

  private static OrderPlaced placed(PlaceOrder c) {
    return new OrderPlaced(
        c.orderId(), c.account(), c.side(), c.type(), c.tif(), c.price(), c.quantity());
  }

  private static OrderRejected rejected(String id, Action action, RejectReason reason) {
    return new OrderRejected(id, action, reason);
  }

  private static OrderCancelled requested(String id, Side side, String price, String quantity) {
    return new OrderCancelled(id, side, p(price), q(quantity), CancelReason.REQUESTED, null);
  }

  private static BestChanged bid(@Nullable String price, @Nullable String quantity) {
    return new BestChanged(
        price == null ? null : p(price), quantity == null ? null : q(quantity), null, null);
  }

  @Nested
  class opening {
    @Test
    void makes_the_book_take_orders() {
      closed.when(new OpenBook(p("0.5"), q("10"))).then(new BookOpened(p("0.5"), q("10")));
    }

    @Test
    void again_on_the_same_terms_does_nothing_and_on_others_is_rejected() {
      open.when(new OpenBook(p("0.5"), q("10"))).thenNothing();
      open.when(new OpenBook(p("0.1"), q("10")))
          .then(new OrderRejected(null, Action.OPEN, BOOK_OPEN_ON_OTHER_TERMS));
    }

    @Test
    void comes_before_everything_else() {
      closed.when(limit("a", BUY, "10", "10")).then(rejected("a", Action.PLACE, BOOK_NOT_OPEN));
      closed.when(new CancelOrder("a", null)).then(rejected("a", Action.CANCEL, BOOK_NOT_OPEN));
    }

    @Test
    void needs_terms_above_zero() {
      closed
          .when(new OpenBook(p("0"), q("10")))
          .then(new OrderRejected(null, Action.OPEN, PRICE_NOT_POSITIVE));
      closed
          .when(new OpenBook(p("1"), q("0")))
          .then(new OrderRejected(null, Action.OPEN, QUANTITY_NOT_POSITIVE));
    }
  }

  @Nested
  class placing {
    @Test
    void an_order_that_meets_nobody_rests() {
      PlaceOrder order = limit("a", BUY, "10", "20");
      open.when(order)
          .then(placed(order), bid("10", "20"))
          .thenState(book -> assertThat(book.order("a").leaves()).isEqualTo(q("20")));
    }

    @Test
    void an_order_that_crosses_trades_at_the_resting_price_and_the_remainder_rests() {
      PlaceOrder order = limit("b", BUY, "11", "50");
      open.givenCommands(limit("a", SELL, "10", "20"))
          .when(order)
          .then(
              placed(order),
              new Traded(1, "a", "b", p("10"), q("20"), BUY, q("0"), q("30"), p("11")),
              bid("11", "30"));
    }

    @Test
    void behind_the_best_price_does_not_change_the_top() {
      PlaceOrder order = limit("b", BUY, "9", "10");
      open.givenCommands(limit("a", BUY, "10", "10")).when(order).then(placed(order));
    }

    @Test
    void a_market_order_without_liquidity_is_placed_and_cancelled() {
      PlaceOrder order = market("a", SELL, "10");
      open.when(order)
          .then(
              placed(order),
              new OrderCancelled("a", SELL, null, q("10"), CancelReason.UNFILLED, null));
    }

    @Test
    void the_remainder_of_an_ioc_order_is_cancelled() {
      PlaceOrder order = limit("b", BUY, IOC, "10", "30");
      open.givenCommands(limit("a", SELL, "10", "20"))
          .when(order)
          .then(
              placed(order),
              new Traded(1, "a", "b", p("10"), q("20"), BUY, q("0"), q("10"), null),
              bid(null, null),
              new OrderCancelled("b", BUY, null, q("10"), CancelReason.UNFILLED, null));
    }

    @Test
    void a_fok_order_trades_in_full_or_not_at_all() {
      var book = open.givenCommands(limit("a", SELL, "10", "20"), limit("b", SELL, "11", "20"));
      book.when(limit("c", BUY, FOK, "10", "30")).then(rejected("c", Action.PLACE, NOT_FILLABLE));
      book.when(limit("c", BUY, FOK, "11", "40"))
          .thenState(after -> assertThat(after.orders(SELL)).isEmpty());
    }

    @Test
    void wrong_orders_are_rejected() {
      rejects(limit("a", BUY, "10.25", "10"), PRICE_NOT_ON_TICK);
      rejects(limit("a", BUY, "0", "10"), PRICE_NOT_POSITIVE);
      rejects(limit("a", BUY, "-1", "10"), PRICE_NOT_POSITIVE);
      rejects(limit("a", BUY, "10", "15"), QUANTITY_NOT_ON_LOT);
      rejects(limit("a", BUY, "10", "0"), QUANTITY_NOT_POSITIVE);
      rejects(limit("a", BUY, "10", "-10"), QUANTITY_NOT_POSITIVE);
      rejects(new PlaceOrder("a", null, BUY, LIMIT, DAY, null, q("10")), PRICE_MISSING);
      rejects(new PlaceOrder("a", null, BUY, MARKET, IOC, p("10"), q("10")), PRICE_NOT_ALLOWED);
    }

    private void rejects(PlaceOrder order, RejectReason reason) {
      open.when(order).then(rejected(order.orderId(), Action.PLACE, reason));
    }

    @Test
    void an_id_is_used_once_even_after_its_order_is_closed() {
      open.givenCommands(limit("a", BUY, "10", "10"), new CancelOrder("a", null))
          .when(limit("a", BUY, "10", "10"))
          .then(rejected("a", Action.PLACE, DUPLICATE_ORDER_ID));
      open.givenCommands(market("m", BUY, "10"))
          .when(limit("m", BUY, "10", "10"))
          .then(rejected("m", Action.PLACE, DUPLICATE_ORDER_ID));
    }

    @Test
    void a_total_beyond_the_range_at_one_price_is_rejected() {
      String most = "92233720360";
      open.givenCommands(limit("a", BUY, "10", most))
          .when(limit("b", BUY, "10", most))
          .then(rejected("b", Action.PLACE, QUANTITY_TOO_LARGE));
    }

    @Test
    void an_order_that_would_trade_with_more_orders_than_a_commit_holds_is_rejected() {
      OrderBookCommand[] makers =
          IntStream.rangeClosed(0, Matching.MAX_TRADES)
              .mapToObj(i -> limit("s" + i, SELL, "10", "10"))
              .toArray(OrderBookCommand[]::new);
      var book = open.givenCommands(makers);

      book.when(market("m", BUY, Integer.toString(Matching.MAX_TRADES * 10 + 10)))
          .then(rejected("m", Action.PLACE, TOO_MANY_FILLS));
      assertThat(
              new OrderBooks()
                  .decide(
                      market("m", BUY, Integer.toString(Matching.MAX_TRADES * 10)),
                      stateOf(makers)))
          .hasSize(1 + 2 * Matching.MAX_TRADES)
          .hasSizeLessThanOrEqualTo(Commit.MAX_EVENTS);
    }

    private OrderBook stateOf(OrderBookCommand... commands) {
      BookUnderTest book = new BookUnderTest();
      book.handle(new OpenBook(p("0.5"), q("10")));
      for (OrderBookCommand command : commands) {
        book.handle(command);
      }
      return book.book();
    }
  }

  @Nested
  class cancelling {
    private final DeciderFixture<OrderBookCommand, OrderBook, OrderBookEvent> resting =
        open.givenCommands(limit("a", BUY, "10", "20"));

    @Test
    void takes_the_order_out() {
      resting
          .when(new CancelOrder("a", q("20")))
          .then(requested("a", BUY, "10", "20"), bid(null, null));
    }

    @Test
    void notes_a_wrong_belief_about_what_is_left() {
      resting
          .when(new CancelOrder("a", q("50")))
          .then(
              new OrderCancelled("a", BUY, p("10"), q("20"), CancelReason.REQUESTED, q("50")),
              bid(null, null));
    }

    @Test
    void an_order_that_is_unknown_or_closed_is_rejected() {
      resting.when(new CancelOrder("b", null)).then(rejected("b", Action.CANCEL, ORDER_UNKNOWN));
      resting
          .givenCommands(market("m", SELL, "20"))
          .when(new CancelOrder("a", null))
          .then(rejected("a", Action.CANCEL, ORDER_CLOSED));
    }
  }

  @Nested
  class reducing {
    private final DeciderFixture<OrderBookCommand, OrderBook, OrderBookEvent> resting =
        open.givenCommands(limit("a", BUY, "10", "30"), limit("b", BUY, "10", "30"));

    @Test
    void keeps_priority() {
      resting
          .when(new ReduceOrder("a", q("10")))
          .then(new OrderReduced("a", BUY, p("10"), q("10"), q("20")), bid("10", "50"))
          .thenState(
              book -> assertThat(book.orders(BUY).iterator().next().orderId()).isEqualTo("a"));
    }

    @Test
    void by_all_that_is_left_cancels() {
      resting
          .when(new ReduceOrder("a", q("30")))
          .then(requested("a", BUY, "10", "30"), bid("10", "30"));
    }

    @Test
    void by_more_than_is_left_or_an_odd_quantity_is_rejected() {
      rejects(new ReduceOrder("a", q("40")), REDUCTION_TOO_LARGE);
      rejects(new ReduceOrder("a", q("0")), QUANTITY_NOT_POSITIVE);
      rejects(new ReduceOrder("a", q("5")), QUANTITY_NOT_ON_LOT);
      rejects(new ReduceOrder("z", q("10")), ORDER_UNKNOWN);
    }

    private void rejects(ReduceOrder command, RejectReason reason) {
      resting.when(command).then(rejected(command.orderId(), Action.REDUCE, reason));
    }
  }

  @Nested
  class replacing {
    private final DeciderFixture<OrderBookCommand, OrderBook, OrderBookEvent> resting =
        open.givenCommands(limit("a", BUY, "10", "30"), limit("b", BUY, "10", "30"));

    private String firstAfter(ReplaceOrder replace) {
      StringBuilder first = new StringBuilder();
      resting
          .when(replace)
          .thenState(book -> first.append(book.orders(BUY).iterator().next().orderId()));
      return first.toString();
    }

    @Test
    void keeps_priority_only_at_the_same_price_and_no_more_quantity() {
      assertThat(firstAfter(new ReplaceOrder("a", null, q("20")))).isEqualTo("a");
      assertThat(firstAfter(new ReplaceOrder("a", p("10"), q("20")))).isEqualTo("a");
      assertThat(firstAfter(new ReplaceOrder("a", null, q("40")))).isEqualTo("b");
      assertThat(firstAfter(new ReplaceOrder("a", p("9.5"), q("30")))).isEqualTo("b");
      assertThat(firstAfter(new ReplaceOrder("b", p("10.5"), q("30")))).isEqualTo("b");
    }

    @Test
    void tells_the_old_and_the_new_price_and_quantity() {
      resting
          .when(new ReplaceOrder("b", p("10.5"), q("50")))
          .then(
              new OrderReplaced("b", BUY, p("10"), q("30"), p("10.5"), q("50"), q("50")),
              bid("10.5", "50"));
    }

    @Test
    void counts_what_was_executed_in_the_new_total() {
      var partly = resting.givenCommands(market("m", SELL, "10"));
      partly
          .when(new ReplaceOrder("a", null, q("50")))
          .then(
              new OrderReplaced("a", BUY, p("10"), q("20"), p("10"), q("50"), q("40")),
              bid("10", "70"));
      partly
          .when(new ReplaceOrder("a", null, q("10")))
          .then(requested("a", BUY, "10", "20"), bid("10", "30"));
      resting
          .givenCommands(market("m", SELL, "20"))
          .when(new ReplaceOrder("a", null, q("10")))
          .then(rejected("a", Action.REPLACE, QUANTITY_BELOW_EXECUTED));
    }

    @Test
    void across_the_other_side_trades_like_an_order_that_comes_in() {
      resting
          .givenCommands(limit("s", SELL, "11", "10"))
          .when(new ReplaceOrder("b", p("11"), q("30")))
          .then(
              new OrderReplaced("b", BUY, p("10"), q("30"), p("11"), q("30"), q("30")),
              new Traded(1, "s", "b", p("11"), q("10"), BUY, q("0"), q("20"), p("11")),
              bid("11", "20"));
    }

    @Test
    void by_the_same_is_noted_and_keeps_the_priority() {
      resting
          .when(new ReplaceOrder("a", p("10"), q("30")))
          .then(new OrderReplaced("a", BUY, p("10"), q("30"), p("10"), q("30"), q("30")));
    }

    @Test
    void by_something_wrong_is_rejected() {
      rejects(new ReplaceOrder("z", null, q("10")), ORDER_UNKNOWN);
      rejects(new ReplaceOrder("a", p("10.1"), q("10")), PRICE_NOT_ON_TICK);
      rejects(new ReplaceOrder("a", p("0"), q("10")), PRICE_NOT_POSITIVE);
      rejects(new ReplaceOrder("a", null, q("5")), QUANTITY_NOT_ON_LOT);
      rejects(new ReplaceOrder("a", null, q("0")), QUANTITY_NOT_POSITIVE);
      rejects(new ReplaceOrder("a", null, q("92233720360")), QUANTITY_TOO_LARGE);
    }

    private void rejects(ReplaceOrder command, RejectReason reason) {
      resting.when(command).then(rejected(command.orderId(), Action.REPLACE, reason));
    }
  }

  @Nested
  class reports_of_a_feed {
    private final DeciderFixture<OrderBookCommand, OrderBook, OrderBookEvent> resting =
        open.givenCommands(limit("a", SELL, "10", "30"), limit("b", SELL, "10", "30"));

    @Test
    void execute_the_order_that_they_name_though_it_is_not_the_first() {
      resting
          .when(new ReportExecution("b", q("10")))
          .then(
              new Traded(1, "b", null, p("10"), q("10"), BUY, q("20"), null, null),
              new BestChanged(null, null, p("10"), q("50")));
    }

    @Test
    void of_more_than_is_left_or_of_unknown_orders_are_rejected() {
      rejects(new ReportExecution("a", q("40")), EXECUTION_TOO_LARGE);
      rejects(new ReportExecution("z", q("10")), ORDER_UNKNOWN);
      rejects(new ReportExecution("a", q("0")), QUANTITY_NOT_POSITIVE);
    }

    private void rejects(ReportExecution command, RejectReason reason) {
      resting
          .when(command)
          .then(rejected(command.restingOrderId(), Action.REPORT_EXECUTION, reason));
    }

    @Test
    void of_hidden_trades_leave_the_book_alone_and_may_be_between_ticks() {
      resting
          .when(new ReportHiddenTrade(p("9.75"), q("3"), SELL))
          .then(new HiddenTraded(1, p("9.75"), q("3"), SELL));
      resting
          .when(new ReportHiddenTrade(p("0"), q("3"), SELL))
          .then(new OrderRejected(null, Action.REPORT_HIDDEN_TRADE, PRICE_NOT_POSITIVE));
    }

    @Test
    void share_the_numbers_of_trades() {
      resting
          .givenCommands(new ReportHiddenTrade(p("9.75"), q("3"), SELL))
          .when(new ReportExecution("a", q("30")))
          .then(
              new Traded(2, "a", null, p("10"), q("30"), BUY, q("0"), null, null),
              new BestChanged(null, null, p("10"), q("30")));
    }
  }
}
