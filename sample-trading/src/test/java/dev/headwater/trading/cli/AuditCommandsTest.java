package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.readmodel.ReadModelDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandsTest {
  @TempDir static Path data;

  @BeforeAll
  static void trade() throws Exception {
    Path file = data.resolve("orders.csv");
    Files.writeString(
        file,
        """
        time,action,order_id,account,symbol,side,type,tif,price,quantity
        2026-03-02T09:00:00Z,new,s1,alice,ACME,sell,limit,day,10.50,100
        2026-03-02T09:00:01Z,new,b1,bob,ACME,buy,limit,day,10.50,30
        2026-03-02T09:00:02Z,new,b2,bob,ACME,buy,limit,day,10.40,20
        """);
    assertThat(CommandLineRun.on(data, "import", "--format", "orders", file.toString()).status())
        .isZero();
  }

  @Nested
  class History {
    @Test
    void prints_the_events_of_an_aggregate_in_order() {
      CommandLineRun run = CommandLineRun.on(data, "history", "OrderBook", "ACME");

      assertThat(run.status()).isZero();
      assertThat(run.out().lines().map(line -> line.trim().split("\\s+")[2]))
          .containsExactly(
              "BookOpened#1",
              "OrderPlaced#1",
              "BestChanged#1",
              "OrderPlaced#1",
              "Traded#1",
              "BestChanged#1",
              "OrderPlaced#1",
              "BestChanged#1");
    }

    @Test
    void can_follow_one_order() {
      CommandLineRun run = CommandLineRun.on(data, "history", "OrderBook", "ACME", "--order", "b1");

      assertThat(run.out().lines()).hasSize(2).allMatch(line -> line.contains("\"b1\""));
    }

    @Test
    void can_go_backward_and_print_json() {
      CommandLineRun run =
          CommandLineRun.on(
              data, "history", "OrderBook", "ACME", "--backward", "--limit", "1", "--json");

      assertThat(run.json().get("version").asLong()).isEqualTo(8);
      assertThat(run.json().get("data").get("bid").asString()).isEqualTo("10.4");
      assertThat(run.json().get("time").asString()).isEqualTo("2026-03-02T09:00:02Z");
    }

    @Test
    void is_there_while_an_analyst_has_the_read_models_open() throws Exception {
      String url = ReadModelDatabase.fileUrl(data.resolve("read-models"));
      try (var shell = DriverManager.getConnection(url, "sa", "")) {
        assertThat(CommandLineRun.on(data, "history", "OrderBook", "ACME").status()).isZero();
        assertThat(shell.isValid(1)).isTrue();
      }
    }

    @Test
    void a_folder_without_a_venue_is_named_and_not_made() {
      Path nowhere = data.resolve("nowhere");

      assertThat(CommandLineRun.on(nowhere, "history", "OrderBook", "ACME").err())
          .isEqualTo(
              "trading: there is no venue in "
                  + nowhere
                  + "; ./trading demo or ./trading import makes one\n");
      assertThat(nowhere).doesNotExist();
    }

    @Test
    void an_unknown_type_and_an_unknown_id_are_named() {
      assertThat(CommandLineRun.on(data, "history", "Orders", "ACME").err())
          .isEqualTo(
              "trading: there are no aggregates of type 'Orders'; there are [OrderBook,"
                  + " Instrument]\n");
      assertThat(CommandLineRun.on(data, "history", "OrderBook", "NONE").err())
          .isEqualTo("trading: no events of OrderBook:NONE\n");
    }
  }

  @Nested
  class State {
    @Test
    void is_the_latest_without_more_words() {
      CommandLineRun run = CommandLineRun.on(data, "state", "OrderBook", "ACME");

      assertThat(run.out())
          .startsWith("OrderBook:ACME at version 8")
          .contains("1 trades")
          .contains("70 @ 10.5")
          .contains("20 @ 10.4");
    }

    @Test
    void can_be_asked_for_at_a_version() {
      assertThat(CommandLineRun.on(data, "state", "OrderBook", "ACME", "--version", "3").out())
          .startsWith("OrderBook:ACME at version 3")
          .contains("100 @ 10.5");
    }

    @Test
    void can_be_asked_for_at_a_time() {
      assertThat(
              CommandLineRun.on(data, "state", "OrderBook", "ACME", "--at", "2026-03-02T09:00:01Z")
                  .out())
          .startsWith("OrderBook:ACME at version 6")
          .contains("BUY: 0 orders")
          .contains("70 @ 10.5");
      assertThat(
              CommandLineRun.on(data, "state", "OrderBook", "ACME", "--at", "2020-01-01T00:00:00Z")
                  .err())
          .isEqualTo("trading: OrderBook:ACME has no events up to 2020-01-01T00:00:00Z\n");
    }

    @Test
    void can_be_printed_as_json() {
      assertThat(
              CommandLineRun.on(data, "state", "OrderBook", "ACME", "--json")
                  .json()
                  .get("orders")
                  .size())
          .isEqualTo(2);
      assertThat(
              CommandLineRun.on(data, "state", "Instrument", "ACME", "--json")
                  .json()
                  .get("listing")
                  .get("name")
                  .asString())
          .isEqualTo("ACME");
    }

    @Test
    void a_version_and_a_time_exclude_each_other() {
      CommandLineRun run =
          CommandLineRun.on(
              data, "state", "OrderBook", "ACME", "--version", "3", "--at", "2020-01-01T00:00:00Z");

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("mutually exclusive");
    }
  }

  @Nested
  class Replay {
    @Test
    void rebuilds_all_read_models_or_the_named_one() {
      assertThat(CommandLineRun.on(data, "replay").out())
          .startsWith("replayed 9 events into market-data, orders in");
      assertThat(CommandLineRun.on(data, "replay", "orders").out())
          .startsWith("replayed 9 events into orders in");
    }

    @Test
    void an_unknown_projection_is_named() {
      assertThat(CommandLineRun.on(data, "replay", "prices").err())
          .isEqualTo("trading: there is no projection 'prices'; there are [market-data, orders]\n");
    }
  }
}
