package dev.headwater.trading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The stored form: what is written here is in stores, so a change needs an upcaster. */
class TradingEventsTest {
  private static String json(Object event) {
    return new String(TradingEvents.codec().encode(event).data(), UTF_8);
  }

  @Nested
  class stored_form {
    @Test
    void an_order_has_decimals_as_text_and_leaves_out_what_is_not_there() {
      OrderPlaced placed =
          new OrderPlaced(
              "a1",
              null,
              Side.BUY,
              OrderType.LIMIT,
              TimeInForce.DAY,
              Price.parse("585.33"),
              Quantity.of(18));

      assertThat(TradingEvents.codec().encode(placed).type()).hasToString("OrderPlaced#1");
      assertThat(json(placed))
          .isEqualTo(
              """
              {"orderId":"a1","side":"BUY","type":"LIMIT","tif":"DAY",\
              "price":"585.33","quantity":"18"}\
              """);
    }

    @Test
    void a_trade_names_both_orders_and_what_is_left_of_them() {
      Traded traded =
          new Traded(
              7,
              "a1",
              "b2",
              Price.parse("10"),
              Quantity.parse("0.5"),
              Side.SELL,
              Quantity.ZERO,
              Quantity.of(2),
              Price.parse("9.5"));

      assertThat(json(traded))
          .isEqualTo(
              """
              {"trade":7,"maker":"a1","taker":"b2","price":"10","quantity":"0.5",\
              "takerSide":"SELL","makerLeaves":"0","takerLeaves":"2","takerPrice":"9.5"}\
              """);
    }

    @Test
    void an_empty_side_is_left_out() {
      assertThat(json(new BestChanged(null, null, Price.parse("12"), Quantity.of(1))))
          .isEqualTo(
              """
              {"ask":"12","askQuantity":"1"}\
              """);
    }
  }
}
