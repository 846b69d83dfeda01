package dev.headwater.trading.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.trading.NeedsTradingData;
import dev.headwater.trading.TradingData;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests of an exchange simulator: a book, an order that comes in, the book and the trades after it.
 *
 * <p>The book has no hidden orders with a minimum size (type 5) and no stop orders (3, 4). In the
 * market order tests the hidden order is left out of the book and of the result: its minimum of
 * 1,000 is above what is left of the incoming order, so it never trades there. In the tests of
 * cancelling, which trade nothing, these orders stand in the book as limit orders.
 */
@NeedsTradingData
class CoinTossXTest {
  private static final int SIDE = 0;
  private static final int ID = 1;
  private static final int TYPE = 2;
  private static final int SIZE = 5;
  private static final int PRICE = 6;
  private static final String MARKET = "1";
  private static final String HIDDEN = "5";

  private final BookUnderTest book = new BookUnderTest();

  @BeforeEach
  void open() {
    book.handle(new OpenBook(Price.parse("1"), Quantity.of(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void a_limit_order_leads_to_the_published_book_and_trades(int test) {
    String path = "cointossx/limitOrder/Test" + test;
    rows(path + "_Init.csv").forEach(this::place);
    rows(path + "_Input.csv").forEach(this::place);

    assertThat(bookAfter()).containsExactlyInAnyOrderElementsOf(expectedBook(path, false));
    assertThat(trades()).isEqualTo(expectedTrades(path));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void a_market_order_leads_to_the_published_book_and_trades(int test) {
    String path = "cointossx/marketOrder/Test" + test;
    rows(path + "_Init.csv").stream().filter(row -> !row[TYPE].equals(HIDDEN)).forEach(this::place);
    rows(path + "_Input.csv").forEach(this::place);

    assertThat(bookAfter()).containsExactlyInAnyOrderElementsOf(expectedBook(path, true));
    assertThat(trades()).isEqualTo(expectedTrades(path));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void a_cancellation_leads_to_the_published_book(int test) {
    String path = "cointossx/cancelOrder/Test" + test;
    rows(path + "_Init.csv").forEach(this::place);
    List<OrderBookEvent> events =
        book.handle(new CancelOrder(rows(path + "_Input.csv").getFirst()[ID], null));

    assertThat(bookAfter()).containsExactlyInAnyOrderElementsOf(expectedBook(path, false));
    assertThat(trades()).isEmpty();
    assertThat(events.getFirst() instanceof OrderRejected).isEqualTo(test <= 2);
  }

  private static List<String[]> rows(String path) {
    return TradingData.lines(path).stream()
        .skip(1)
        .filter(line -> !line.isBlank())
        .map(line -> line.split(","))
        .toList();
  }

  private void place(String[] row) {
    boolean market = row[TYPE].equals(MARKET);
    List<OrderBookEvent> events =
        book.handle(
            new PlaceOrder(
                row[ID],
                null,
                row[SIDE].equals("B") ? Side.BUY : Side.SELL,
                market ? OrderType.MARKET : OrderType.LIMIT,
                market ? TimeInForce.IOC : TimeInForce.DAY,
                market ? null : Price.parse(row[PRICE]),
                Quantity.parse(row[SIZE])));
    assertThat(events).noneMatch(OrderRejected.class::isInstance);
  }

  private List<String> bookAfter() {
    List<String> orders = new ArrayList<>();
    for (Side side : Side.values()) {
      for (RestingOrder order : book.book().orders(side)) {
        orders.add(
            (side == Side.BUY ? "B " : "O ")
                + order.orderId()
                + " "
                + order.leaves()
                + "@"
                + order.price());
      }
    }
    return orders;
  }

  private static List<String> expectedBook(String path, boolean withoutHidden) {
    return rows(path + "_Output.csv").stream()
        .filter(row -> !withoutHidden || !row[TYPE].equals(HIDDEN))
        .map(
            row ->
                row[SIDE].replace("BO", "O") // a slip in test 7 of the limit orders
                    + " "
                    + row[ID]
                    + " "
                    + row[SIZE]
                    + "@"
                    + row[PRICE])
        .toList();
  }

  private List<String> trades() {
    return book.history().stream()
        .filter(Traded.class::isInstance)
        .map(Traded.class::cast)
        .map(trade -> trade.trade() + "," + trade.price() + "," + trade.quantity())
        .toList();
  }

  private static List<String> expectedTrades(String path) {
    return rows(path + "_Trades.csv").stream().map(row -> String.join(",", row)).toList();
  }
}
