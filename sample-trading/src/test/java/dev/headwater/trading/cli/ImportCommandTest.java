package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.trading.NeedsTradingData;
import dev.headwater.trading.TradingData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ImportCommandTest {
  private static final String HEADER =
      "time,action,order_id,account,symbol,side,type,tif,price,quantity\n";
  private static final String MORNING =
      HEADER
          + "2026-03-02T09:00:00Z,new,s1,alice,ACME,sell,limit,day,10.50,100\n"
          + "2026-03-02T09:00:01Z,new,s2,alice,ACME,sell,limit,gtc,10.75,50.5\n"
          + "2026-03-02T09:00:02Z,new,b1,bob,ACME,buy,limit,day,10.50,30\n"
          + "2026-03-02T09:01:03.5Z,new,b2,bob,ACME,buy,market,,,100\n"
          + "1772442125000000000,reduce,s2,,ACME,,,,,10\n"
          + "2026-03-02T09:02:05Z,cancel,s2,,ACME,,,,,99\n"
          + "2026-03-02T09:02:06Z,cancel,nobody,,ACME,,,,,\n";

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return file;
  }

  private CommandLineRun importing(Path file, String... more) {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "import";
    arguments[1] = "--format";
    arguments[2] = "orders";
    arguments[3] = file.toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return CommandLineRun.on(data(), arguments);
  }

  @Nested
  class Orders {
    @Test
    void the_summary_comes_from_the_read_models() throws IOException {
      JsonNode json = importing(write("orders.csv", MORNING), "--json").json();

      assertThat(json.get("commands").asInt()).isEqualTo(7);
      assertThat(json.get("accepted").asInt()).isEqualTo(6);
      assertThat(json.get("rejected").toString()).isEqualTo("{\"ORDER_UNKNOWN\":1}");
      assertThat(json.get("trades").asInt()).isEqualTo(3);
      assertThat(json.get("quantity").decimalValue()).isEqualByComparingTo("130");
      assertThat(json.get("vwap").decimalValue()).isEqualByComparingTo("10.5577");
      assertThat(json.get("high").decimalValue()).isEqualByComparingTo("10.75");
      assertThat(json.get("low").decimalValue()).isEqualByComparingTo("10.5");
      assertThat(json.get("firstTrade").get("time").asString()).isEqualTo("2026-03-02T09:00:02Z");
      assertThat(json.get("lastTrade").get("quantity").decimalValue()).isEqualByComparingTo("30");
      assertThat(json.get("openOrders").asInt()).isZero();
      assertThat(json.get("leavesMismatches").asInt()).isEqualTo(1);
      assertThat(json.get("candles").size()).isEqualTo(2);
      assertThat(json.get("candles").get(0).get("open").decimalValue())
          .isEqualByComparingTo("10.5");
      assertThat(json.get("candles").get(1).get("volume").decimalValue())
          .isEqualByComparingTo("100");
      assertThat(json.get("commandsPerSecond").asLong()).isPositive();
      assertThat(json.get("seconds").asDouble()).isPositive();
    }

    @Test
    void importing_again_doubles_nothing_not_even_from_a_gzipped_copy() throws IOException {
      JsonNode first = importing(write("orders.csv", MORNING), "--json").json();
      JsonNode again = importing(write("copy.csv.gz", MORNING), "--json").json();

      assertThat(again.get("handledBefore").asInt()).isEqualTo(again.get("sent").asInt());
      for (String measure : new String[] {"commands", "accepted", "events", "trades", "quantity"}) {
        assertThat(again.get(measure)).as(measure).isEqualTo(first.get(measure));
      }
    }

    @Test
    void a_malformed_line_stops_the_import_and_a_mended_file_goes_on() throws IOException {
      Path file = write("orders.csv", MORNING.replace("10.75,50.5", "10.7x,50.5"));
      CommandLineRun broken = importing(file);

      assertThat(broken.status()).isEqualTo(1);
      assertThat(broken.out()).isEmpty();
      assertThat(broken.err())
          .startsWith("trading: orders.csv:3: column price: '10.7x' is not a decimal number")
          .contains("2 commands before it are imported");

      JsonNode mended = importing(write("orders.csv", MORNING), "--json").json();
      assertThat(mended.get("commands").asInt()).isEqualTo(7);
      assertThat(mended.get("accepted").asInt()).isEqualTo(6);
      assertThat(mended.get("handledBefore").asInt()).isEqualTo(2);
    }

    @Test
    void malformed_lines_can_be_skipped_and_are_counted() throws IOException {
      String text = MORNING.replace("10.75,50.5", "10.7x,50.5") + "yesterday,new,,,,,,,,\n";
      JsonNode json = importing(write("orders.csv", text), "--json", "--skip-invalid").json();

      assertThat(json.get("invalidLines").asInt()).isEqualTo(2);
      assertThat(json.get("problems").get(0).asString()).contains("orders.csv:3: column price");
    }

    @Test
    void an_id_that_is_too_long_is_malformed() throws IOException {
      CommandLineRun run =
          importing(write("orders.csv", MORNING.replace("s2,alice", "s".repeat(513) + ",alice")));

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .startsWith(
              "trading: orders.csv:3: column order_id: an id must have 1 to 512 characters");
    }

    @Test
    void the_longest_ids_and_the_largest_numbers_fit_the_read_models() throws IOException {
      String largest = ",ACME,%s,limit,,92233720368,92233720368\n";
      String longest = "x".repeat(511);
      StringBuilder text = new StringBuilder(HEADER);
      for (int i = 0; i < 3; i++) {
        text.append("2026-03-02T09:00:0")
            .append(i)
            .append("Z,new,")
            .append(longest)
            .append(2 * i)
            .append(',');
        text.append("a".repeat(512)).append(String.format(largest, "sell"));
        text.append("2026-03-02T09:00:0")
            .append(i)
            .append("Z,new,")
            .append(longest)
            .append(2 * i + 1)
            .append(',');
        text.append(String.format(largest, "buy"));
      }
      JsonNode json = importing(write("orders.csv", text.toString()), "--json").json();

      assertThat(json.get("accepted").asInt()).isEqualTo(6);
      assertThat(json.get("trades").asInt()).isEqualTo(3);
      assertThat(json.get("vwap").decimalValue()).isEqualByComparingTo("92233720368");
    }

    @Test
    void read_models_whose_making_was_interrupted_are_made_anew() throws Exception {
      importing(write("orders.csv", MORNING));
      String url = ReadModelDatabase.fileUrl(data().resolve("read-models"));
      try (var connection = DriverManager.getConnection(url, "sa", "");
          var statement = connection.createStatement()) {
        statement.execute("DELETE FROM orders_v1.\"flyway_schema_history\"");
      }

      JsonNode again = importing(folder.resolve("orders.csv"), "--json").json();

      assertThat(again.get("commands").asInt()).isEqualTo(7);
      assertThat(again.get("trades").asInt()).isEqualTo(3);
      assertThat(data().resolve("read-models.unusable.mv.db")).exists();
    }

    @Test
    void read_models_that_were_not_closed_are_made_anew() throws Exception {
      importing(write("orders.csv", MORNING));
      String url = ReadModelDatabase.fileUrl(data().resolve("read-models"));
      try (var connection = DriverManager.getConnection(url, "sa", "");
          var statement = connection.createStatement()) {
        statement.execute("UPDATE market_data_v1.trades SET quantity = 1");
      }
      Files.write(data().resolve("read-models.open"), new byte[0]);

      JsonNode again = importing(folder.resolve("orders.csv"), "--json").json();

      assertThat(again.get("quantity").decimalValue()).isEqualByComparingTo("130");
      assertThat(data().resolve("read-models.open")).doesNotExist();
    }

    @Test
    void the_text_form_tells_the_same() throws IOException {
      CommandLineRun run = importing(write("orders.csv", MORNING));

      assertThat(run.status()).isZero();
      assertThat(run.out())
          .contains("commands           7 (6 accepted, 1 rejected)")
          .contains("1 ORDER_UNKNOWN")
          .contains("3, quantity 130")
          .contains("vwap             10.5577, high 10.75, low 10.5");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "nothing.csv | can't read file",
          "empty.csv | empty.csv:1",
          "binary.csv | binary.csv:1",
          "truncated.csv.gz | truncated.csv.gz"
        })
    void a_file_that_is_not_what_its_format_says_is_named(String name, String message)
        throws IOException {
      write("empty.csv", "");
      Files.write(folder.resolve("binary.csv"), new byte[] {0, 1, 2, (byte) 0xff, 10, 13, 0});
      Path gzipped = write("whole.csv.gz", MORNING);
      byte[] bytes = Files.readAllBytes(gzipped);
      Files.write(
          folder.resolve("truncated.csv.gz"), java.util.Arrays.copyOf(bytes, bytes.length / 2));

      CommandLineRun run = importing(folder.resolve(name));

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).startsWith("trading: ").contains(message).doesNotContain("\tat ");
    }
  }

  @Nested
  class Lobster {
    private CommandLineRun importing(String executions) {
      Path lobster = TradingData.path("lobster");
      return CommandLineRun.on(
          data(),
          "import",
          "--format",
          "lobster",
          "--executions",
          executions,
          lobster.resolve("AAPL_2012-06-21_34200000_37800000_message_50.csv.gz").toString(),
          "--seed-book",
          lobster.resolve("derived_AAPL_preopen_orders.csv").toString(),
          "--check",
          lobster.resolve("AAPL_2012-06-21_34200000_57600000_orderbook_1.csv.gz").toString(),
          "--json");
    }

    @Test
    @NeedsTradingData
    void reported_executions_reproduce_the_published_book() {
      JsonNode json = importing("reported").json();

      assertThat(json.get("check").get("states").asLong()).isEqualTo(23_439);
      assertThat(json.get("check").get("equal").asLong()).isGreaterThanOrEqualTo(23_420);
      assertThat(json.get("check").get("equalFromStart").asLong()).isGreaterThanOrEqualTo(15_999);
      assertThat(json.get("quantity").asLong()).isEqualTo(350_494);
      assertThat(json.get("rejected").toString()).isEqualTo("{\"ORDER_UNKNOWN\":44}");
      assertThat(json.get("hiddenQuantity").asLong()).isEqualTo(533_629 - 350_494);
    }

    @Test
    @NeedsTradingData
    void matched_executions_come_close() {
      JsonNode json = importing("matched").json();

      assertThat(json.get("check").get("equal").asLong()).isGreaterThanOrEqualTo(22_700);
      assertThat(json.get("quantity").asLong()).isGreaterThanOrEqualTo(350_400);
    }
  }
}
