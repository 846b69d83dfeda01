package dev.headwater.trading.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Metadata;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReplaceOrder;
import dev.headwater.trading.feed.OrdersFile.Options;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrdersFileTest {
  private static final String HEADER =
      "time,action,order_id,account,symbol,side,type,tif,price,quantity\n";
  private static final String A = "2026-01-05T09:30:00.25Z,new,a,X,ACME,buy,limit,day,10.5,100\n";
  private static final String B = "1767605400000001000,new,b,,ACME,sell,market,,,5\n";

  @TempDir private Path folder;

  private Path file(String text) {
    return file("orders.csv", text.getBytes(UTF_8));
  }

  private Path file(String name, byte[] bytes) {
    try {
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<TimedCommand> read(Path file) {
    List<TimedCommand> all = new ArrayList<>();
    try (CommandFeed feed = OrdersFile.open(file, Options.STRICT)) {
      feed.forEachRemaining(all::add);
    }
    return all;
  }

  private List<OrderBookCommand> commands(String text) {
    return read(file(text)).stream().map(TimedCommand::command).toList();
  }

  private static List<String> ids(List<TimedCommand> commands) {
    return commands.stream().map(TimedCommand::commandId).toList();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Nested
  class actions {
    @Test
    void each_becomes_its_command() {
      String lines =
          A
              + B
              + "2026-01-05T09:30:01Z,cancel,a,,ACME,,,,,40\n"
              + "2026-01-05T09:30:01Z,cancel,a,,ACME,,,,,\n"
              + "2026-01-05T09:30:02Z,reduce,a,,ACME,,,,,2.5\n"
              + "2026-01-05T09:30:03Z,replace,a,,ACME,,,,11,70\n"
              + "2026-01-05T09:30:03Z,REPLACE,a,,ACME,,,,,70\n";
      assertThat(commands(HEADER + lines))
          .containsExactly(
              new PlaceOrder(
                  "a",
                  "X",
                  Side.BUY,
                  OrderType.LIMIT,
                  TimeInForce.DAY,
                  Price.parse("10.5"),
                  Quantity.of(100)),
              new PlaceOrder(
                  "b", null, Side.SELL, OrderType.MARKET, TimeInForce.IOC, null, Quantity.of(5)),
              new CancelOrder("a", Quantity.of(40)),
              new CancelOrder("a", null),
              new ReduceOrder("a", Quantity.parse("2.5")),
              new ReplaceOrder("a", Price.parse("11"), Quantity.of(70)),
              new ReplaceOrder("a", null, Quantity.of(70)));
    }

    @Test
    void have_a_time_a_symbol_and_where_known_an_actor() {
      List<TimedCommand> all = read(file(HEADER + A + B));

      assertThat(Metadata.atMicros(all.get(0).occurredAtMicros()).time())
          .isEqualTo("2026-01-05T09:30:00.250Z");
      assertThat(all.get(1).occurredAtMicros()).isEqualTo(1_767_605_400_000_001L);
      assertThat(all).extracting(TimedCommand::symbol).containsOnly("ACME");
      assertThat(all).extracting(TimedCommand::actor).containsExactly("X", null);
    }

    @Test
    void open_each_book_first_if_asked_to() {
      OpenBook open = new OpenBook(Price.parse("0.5"), Quantity.of(1));
      Path file = file(HEADER + A + A.replace("ACME", "BETA").replace(",a,", ",c,") + B);
      List<String> books = new ArrayList<>();
      try (CommandFeed feed = OrdersFile.open(file, new Options(false, open))) {
        feed.forEachRemaining(
            timed -> books.add(timed.symbol() + (timed.command().equals(open) ? " opens" : "")));
      }

      assertThat(books).containsExactly("ACME opens", "ACME", "BETA opens", "BETA", "ACME");
    }
  }

  @Nested
  class what_is_tolerated {
    @Test
    void a_byte_order_mark_carriage_returns_and_blank_lines() {
      assertThat(read(file("\uFEFF" + (HEADER + A + "\n" + B + "\n").replace("\n", "\r\n"))))
          .isEqualTo(read(file(HEADER + A + B)));
    }

    @Test
    void no_line_break_at_the_end() {
      assertThat(read(file(HEADER + A.strip()))).hasSize(1);
    }

    @Test
    void quotes_with_commas_and_quotes_inside() {
      String quoted =
          "2026-01-05T09:30:00Z,\"new\",\"a,1\",\"the \"\"X\"\"\",ACME,buy,,,10.5,\"100\"\n";

      PlaceOrder order = (PlaceOrder) commands(HEADER + quoted).getFirst();

      assertThat(order.orderId()).isEqualTo("a,1");
      assertThat(order.account()).isEqualTo("the \"X\"");
    }

    @Test
    void columns_in_another_order_and_columns_left_out() {
      assertThat(
              commands(
                  """
                  quantity,symbol,order_id,action,time
                  40,ACME,a,cancel,2026-01-05T09:30:00Z
                  """))
          .containsExactly(new CancelOrder("a", Quantity.of(40)));
    }
  }

  @Nested
  class command_ids {
    @Test
    void are_the_same_in_a_plain_and_a_gzipped_file_however_it_is_named() throws IOException {
      assertThat(ids(read(file("x.bin", gzip(HEADER + A + B)))))
          .isEqualTo(ids(read(file(HEADER + A + B))));
    }

    @Test
    void do_not_depend_on_other_lines_quotes_or_line_breaks() {
      String b = ids(read(file(HEADER + B))).getFirst();

      assertThat(ids(read(file(HEADER + A + B))).getLast()).isEqualTo(b);
      assertThat(ids(read(file((HEADER + B.replace("ACME", "\"ACME\"")).replace("\n", "\r\n")))))
          .containsExactly(b);
    }

    @Test
    void differ_for_equal_lines_and_are_the_same_when_read_again() {
      List<String> first = ids(read(file(HEADER + B + A + B + B)));

      assertThat(first).doesNotHaveDuplicates();
      assertThat(ids(read(file(HEADER + B + A + B + B)))).isEqualTo(first);
    }

    @Test
    void never_repeat_in_a_long_file() {
      StringBuilder text = new StringBuilder(HEADER);
      for (int i = 0; i < 20_000; i++) {
        text.append(A.replace(",a,", ",o" + i % 9_000 + ","));
      }
      assertThat(ids(read(file(text.toString())))).doesNotHaveDuplicates().hasSize(20_000);
    }
  }

  @Nested
  class errors {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy,limit,day,12.x,1 | column price: '12.x' is not a"
              + " decimal number",
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy,limit,day,1.123456789,1 | column price:"
              + " '1.123456789' has more than 8 decimals",
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy,limit,day,10, | column quantity: is empty",
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy,limit,day,10,99999999999 | column quantity:"
              + " '99999999999' is out of range: at most 92233720368.54775807",
          "2026-01-05T09:30:00Z,new,a,X,ACME,hold,limit,day,10,1 | column side: 'hold' is none of"
              + " buy, sell",
          "2026-01-05T09:30:00Z,new,a,X,ACME,,limit,day,10,1 | column side: is empty",
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy,stop,day,10,1 | column type: 'stop' is none of"
              + " limit, market",
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy,limit,week,10,1 | column tif: 'week' is none of"
              + " day, gtc, ioc, fok",
          "2026-01-05T09:30:00Z,amend,a,X,ACME,buy,limit,day,10,1 | column action: 'amend' is none"
              + " of new, cancel, reduce, replace",
          "2026-01-05T09:30:00Z,new,,X,ACME,buy,limit,day,10,1 | column order_id: is empty",
          "2026-01-05T09:30:00Z,new,a,X,,buy,limit,day,10,1 | column symbol: is empty",
          "2026-01-05 09:30,new,a,X,ACME,buy,limit,day,10,1 | column time: '2026-01-05 09:30' is"
              + " neither ISO-8601 with an offset nor nanoseconds since 1970",
          "99999999999999999999,new,a,X,ACME,buy,limit,day,10,1 | column time:"
              + " '99999999999999999999' is out of range",
          "2026-01-05T09:30:00Z,reduce,a,,ACME,,,,, | column quantity: is empty",
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy | has 6 values where 10 are expected",
          "2026-01-05T09:30:00Z,new,\"a,X,ACME,buy,limit,day,10,1 | column 3: a quoted value does"
              + " not end on its line",
          "2026-01-05T09:30:00Z,new,\"a\"b,X,ACME,buy,limit,day,10,1 | column 3: text after the"
              + " closing quote",
          "2026-01-05T09:30:00Z,new,a\"b,X,ACME,buy,limit,day,10,1 | column 3: a quote inside a"
              + " value that does not begin with one"
        },
        quoteCharacter = '~')
    void tell_file_line_column_and_reason(String line, String reason) {
      Path file = file(HEADER + A + line + "\n" + B);

      assertThatThrownBy(() -> read(file))
          .isInstanceOf(MalformedLineException.class)
          .hasMessage("orders.csv:3: " + reason);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "time,action,order_id,qty,symbol | column qty: is not known; a header is expected: ",
          "time,action,order_id | column symbol: is missing; a header is expected: ",
          "time,action,order_id,symbol,symbol | column symbol: is there twice",
          "2026-01-05T09:30:00Z,new,a,X,ACME,buy,limit,day,10,1 | column 2026-01-05t09:30:00z: is"
              + " not known; a header is expected: "
        })
    void tell_what_is_wrong_with_the_header(String header, String reason) {
      Path file = file(header + "\n" + A);

      assertThatThrownBy(() -> read(file))
          .isInstanceOf(MalformedLineException.class)
          .hasMessageStartingWith("orders.csv:1: " + reason);
    }

    @Test
    void tell_that_a_file_is_empty_missing_cut_short_or_no_text() throws IOException {
      assertThatThrownBy(() -> read(file("")))
          .hasMessageStartingWith("orders.csv:1: is empty; a header is expected: ");
      assertThatThrownBy(() -> read(folder.resolve("none.csv")))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage("there is no file " + folder.resolve("none.csv"));
      assertThatThrownBy(() -> read(folder)).isInstanceOf(UncheckedIOException.class);
      byte[] whole = gzip(HEADER + A + B);
      assertThatThrownBy(() -> read(file("cut.csv.gz", Arrays.copyOf(whole, whole.length - 20))))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageStartingWith("can't read cut.csv.gz after line ");
      assertThatThrownBy(
              () -> read(file("latin.csv", (HEADER + A.replace("X", "é")).getBytes(ISO_8859_1))))
          .hasMessage("latin.csv:2: is not UTF-8 text");
    }

    @Test
    void are_counted_and_skipped_if_asked_to() {
      Path file = file(HEADER + A + "nonsense\n" + B + "\"\n" + A);
      try (CommandFeed feed = OrdersFile.open(file, new Options(true, null))) {
        List<String> orders = new ArrayList<>();
        feed.forEachRemaining(timed -> orders.add(((PlaceOrder) timed.command()).orderId()));

        assertThat(orders).containsExactly("a", "b", "a");
        assertThat(feed.progress().invalid()).isEqualTo(2);
        assertThat(feed.progress().commands()).isEqualTo(3);
        assertThat(feed.problems())
            .containsExactly(
                "orders.csv:3: has 1 values where 10 are expected",
                "orders.csv:5: column 1: a quoted value does not end on its line");
      }
    }
  }
}
