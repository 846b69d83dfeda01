package dev.headwater.trading.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.trading.NeedsTradingData;
import dev.headwater.trading.TradingData;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matching scenarios that an exchange published: orders in, and every line that comes out. */
@NeedsTradingData
class KrakenScenariosTest {
  private final BookUnderTest book = new BookUnderTest();
  private final List<String> output = new ArrayList<>();
  private BestBidOffer best = BestBidOffer.EMPTY;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
  void a_scenario_gives_exactly_the_published_output(int scenario) {
    book.handle(new OpenBook(Price.parse("1"), Quantity.of(1)));

    TradingData.lines("kraken/scenario" + scenario + "_input.csv").forEach(this::handle);

    assertThat(output)
        .isNotEmpty()
        .isEqualTo(TradingData.lines("kraken/scenario" + scenario + "_expected.csv"));
  }

  private void handle(String line) {
    String[] in = line.split(", *");
    switch (in[0]) {
      case "N" -> print(book.handle(order(in)));
      case "C" -> print(book.handle(new CancelOrder(in[1] + ", " + in[2], null)));
      default -> {} // F ends the scenario; the second one has lines without a kind
    }
  }

  /** {@code N,user,symbol,price (0 = market),qty,side,userOrderId}. */
  private static PlaceOrder order(String[] in) {
    boolean market = in[3].equals("0");
    return new PlaceOrder(
        in[1] + ", " + in[6],
        in[1],
        in[5].equals("B") ? Side.BUY : Side.SELL,
        market ? OrderType.MARKET : OrderType.LIMIT,
        market ? TimeInForce.IOC : TimeInForce.DAY,
        market ? null : Price.parse(in[3]),
        Quantity.parse(in[4]));
  }

  /** The top of the book is published once a command, as it is at the end. */
  private void print(List<OrderBookEvent> events) {
    BestBidOffer now = best;
    for (OrderBookEvent event : events) {
      if (event instanceof BestChanged changed) {
        now = changed.best();
      } else {
        print(event);
      }
    }
    printLevel("B", best.bid(), best.bidQuantity(), now.bid(), now.bidQuantity());
    printLevel("S", best.ask(), best.askQuantity(), now.ask(), now.askQuantity());
    best = now;
  }

  private void print(OrderBookEvent event) {
    switch (event) {
      case OrderPlaced e -> output.add("A, " + e.orderId());
      case Traded e -> {
        boolean bought = e.takerSide() == Side.BUY;
        String buyer = bought ? e.taker() : e.maker();
        String seller = bought ? e.maker() : e.taker();
        output.add("T, " + buyer + ", " + seller + ", " + e.price() + ", " + e.quantity());
      }
      default -> {}
    }
  }

  private void printLevel(
      String side,
      @Nullable Price before,
      @Nullable Quantity quantityBefore,
      @Nullable Price price,
      @Nullable Quantity quantity) {
    if (!Objects.equals(before, price) || !Objects.equals(quantityBefore, quantity)) {
      output.add("B, " + side + ", " + (price == null ? "-, -" : price + ", " + quantity));
    }
  }
}
