package dev.headwater.trading.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Metadata;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReportExecution;
import dev.headwater.trading.book.OrderBookCommand.ReportHiddenTrade;
import dev.headwater.trading.feed.LobsterFile.Executions;
import dev.headwater.trading.feed.LobsterFile.Options;
import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LobsterFileTest {
  private static final String NAME = "ACME_2012-06-21_34200000_37800000_message_10.csv";

  @TempDir private Path folder;

  private Path file(String name, String... lines) {
    try {
      return Files.write(folder.resolve(name), List.of(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<TimedCommand> read(Path file, Options options) {
    List<TimedCommand> all = new ArrayList<>();
    try (CommandFeed feed = LobsterFile.open(file, options)) {
      feed.forEachRemaining(all::add);
    }
    return all;
  }

  private List<OrderBookCommand> commands(Executions executions, String... lines) {
    return read(file(NAME, lines), Options.of(executions)).stream()
        .map(TimedCommand::command)
        .skip(1) // opens the book
        .toList();
  }

  private static PlaceOrder sweep(String id, Side side, String price, long quantity) {
    return new PlaceOrder(
        id,
        null,
        side,
        OrderType.LIMIT,
        TimeInForce.IOC,
        Price.parse(price),
        Quantity.of(quantity));
  }

  @Nested
  class messages {
    @Test
    void each_type_becomes_its_command() {
      assertThat(
              commands(
                  Executions.REPORTED,
                  "34200.004241176,1,17,18,5853300,1",
                  "34200.1,2,17,3,5853300,1",
                  "34200.2,4,17,5,5853300,1",
                  "34200.3,5,0,100,5853350,-1",
                  "34200.4,7,0,0,-1,-1",
                  "34200.5,3,17,10,5853300,1"))
          .containsExactly(
              new PlaceOrder(
                  "17",
                  null,
                  Side.BUY,
                  OrderType.LIMIT,
                  TimeInForce.DAY,
                  Price.parse("585.33"),
                  Quantity.of(18)),
              new ReduceOrder("17", Quantity.of(3)),
              new ReportExecution("17", Quantity.of(5)),
              new ReportHiddenTrade(Price.parse("585.335"), Quantity.of(100), Side.SELL),
              new CancelOrder("17", Quantity.of(10)));
    }

    @Test
    void executions_of_one_time_and_direction_become_one_order_that_comes_in() {
      assertThat(
              commands(
                  Executions.MATCHED,
                  "34200.1,4,17,5,5853300,-1",
                  "34200.1,4,18,6,5853400,-1",
                  "34200.1,4,19,7,5853000,1",
                  "34200.2,4,20,8,5853000,1"))
          .containsExactly(
              sweep("x1", Side.BUY, "585.34", 11),
              sweep("x3", Side.SELL, "585.3", 7),
              sweep("x4", Side.SELL, "585.3", 8));
    }

    @Test
    void have_times_of_the_exchange_in_winter_too() {
      Path file = file("ACME_2012-01-05_message.csv", "34200.5,7,0,0,-1,-1", "34200.5,3,1,1,1,1");

      List<TimedCommand> all = read(file, Options.of(Executions.REPORTED));

      assertThat(Metadata.atMicros(all.getLast().occurredAtMicros()).time())
          .isEqualTo("2012-01-05T14:30:00.500Z");
    }

    @Test
    void have_other_ids_for_another_symbol_day_or_way_of_reading() {
      Path file = file(NAME, "34200.1,3,17,10,5853300,1");
      LocalDate day = LocalDate.of(2020, 2, 3);
      assertThat(
              List.of(
                  read(file, Options.of(Executions.REPORTED)).getLast().commandId(),
                  read(file, Options.of(Executions.MATCHED)).getLast().commandId(),
                  read(file, new Options(Executions.REPORTED, null, "BETA", null, false))
                      .getLast()
                      .commandId(),
                  read(file, new Options(Executions.REPORTED, null, null, day, false))
                      .getLast()
                      .commandId()))
          .doesNotHaveDuplicates();
    }

    @Test
    void need_a_symbol_and_a_day() {
      Path file = file("messages.csv", "34200.1,3,17,10,5853300,1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> read(file, Options.of(Executions.REPORTED)))
          .withMessageContaining("the name of messages.csv does not begin with");
      Options given =
          new Options(Executions.REPORTED, null, "ACME", LocalDate.of(2012, 6, 21), false);
      assertThat(read(file, given)).extracting(TimedCommand::symbol).containsOnly("ACME");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "34200.1,1,17,18,5853300 | has 5 values where 6 are expected",
          "x,1,17,18,5853300,1 | column time: 'x' is not a number of seconds",
          "1e3,1,17,18,5853300,1 | column time: '1e3' is not a number of seconds",
          "86400,1,17,18,5853300,1 | column time: '86400' is more seconds than a day has",
          "34200.1,9,17,18,5853300,1 | column type: '9' is none of 1 to 7",
          "34200.1,new,17,18,5853300,1 | column type: 'new' is not a whole number",
          "34200.1,1,,18,5853300,1 | column order id: is empty",
          "34200.1,1,17,1.5,5853300,1 | column size: '1.5' is not a whole number",
          "34200.1,1,17,18,585.33,1 | column price: '585.33' is not a whole number",
          "34200.1,1,17,18,5853300,B | column direction: 'B' is neither 1 nor -1"
        })
    void that_are_none_are_an_error(String line, String reason) {
      Path file = file(NAME, "34200.1,1,16,18,5853300,1", line);

      assertThatThrownBy(() -> read(file, Options.of(Executions.REPORTED)))
          .isInstanceOf(MalformedLineException.class)
          .hasMessage(NAME + ":2: " + reason);
    }
  }

  @Nested
  class seeds {
    @Test
    void come_first_at_the_opening() {
      Path seed =
          file("seed.csv", "order_id,min_size,price,direction,first_touched_at", "5,10,100,-1,9");
      Options options = Options.of(Executions.REPORTED).withSeed(seed);

      List<TimedCommand> all = read(file(NAME, "34200.1,3,5,10,100,-1"), options);

      assertThat(all)
          .extracting(TimedCommand::actor)
          .containsExactly(LobsterFile.PRE_OPEN, LobsterFile.PRE_OPEN, null);
      assertThat(Metadata.atMicros(all.get(1).occurredAtMicros()).time())
          .isEqualTo("2012-06-21T13:30:00Z");
    }

    @Test
    void need_their_header() {
      Path seed = file("seed.csv", "5,10,100,-1,9");

      assertThatThrownBy(
              () ->
                  read(
                      file(NAME, "34200.1,3,5,10,100,-1"),
                      Options.of(Executions.REPORTED).withSeed(seed)))
          .hasMessageStartingWith("seed.csv:1: the header is expected: order_id,min_size");
    }
  }

  @Nested
  class tops_of_the_book {
    private List<BestBidOffer> tops(String... lines) {
      List<BestBidOffer> all = new ArrayList<>();
      try (BestBidOfferFeed feed = LobsterFile.openBestBidOffers(file("book.csv", lines))) {
        feed.forEachRemaining(all::add);
      }
      return all;
    }

    @Test
    void are_the_first_level_of_each_row_and_empty_where_its_price_is_a_dummy() {
      assertThat(
              tops(
                  "5859400,200,5853300,18,5859500,1,5853200,2",
                  "9999999999,0,5853300,18",
                  "5859400,200,-9999999999,0"))
          .extracting(BestBidOffer::toString)
          .containsExactly("18@585.33 / 200@585.94", "18@585.33 / -", "- / 200@585.94");
    }

    @Test
    void that_are_none_are_an_error() {
      assertThatThrownBy(() -> tops("5859400,200,5853300"))
          .hasMessage("book.csv:1: has 3 values, which is no multiple of four");
      assertThatThrownBy(() -> tops("5859400,200,5853300,x"))
          .hasMessage("book.csv:1: column bid size: 'x' is not a whole number");
    }
  }
}
