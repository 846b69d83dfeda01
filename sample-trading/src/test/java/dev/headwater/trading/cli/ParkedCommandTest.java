package dev.headwater.trading.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.trading.venue.Venue;
import dev.headwater.trading.venue.VenueSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One folder with one poison event is used from the listing to the skip. */
@TestMethodOrder(OrderAnnotation.class)
class ParkedCommandTest {
  @TempDir static Path data;

  @BeforeAll
  static void storeAnEventThatNobodyKnows() throws Exception {
    Path file = data.resolve("orders.csv");
    Files.writeString(
        file,
        """
        time,action,order_id,account,symbol,side,type,tif,price,quantity
        2026-03-02T09:00:00Z,new,s1,alice,ACME,sell,limit,day,10.50,100
        2026-03-02T09:00:01Z,new,b1,bob,ACME,buy,limit,day,10.50,30
        """);
    assertThat(CommandLineRun.on(data, "import", "--format", "orders", file.toString()).status())
        .isZero();
    try (Venue venue = Venue.open(VenueSettings.in(data))) {
      NewEvent unknown =
          new NewEvent(new EventType("TradingHalted", 1), "{\"reason\":\"news\"}".getBytes(UTF_8));
      venue
          .store()
          .appendAndWait(
              new Commit(
                  "halt-1",
                  new StreamId("OrderBook", "ACME"),
                  ExpectedVersion.any(),
                  Metadata.at(Instant.parse("2026-03-02T09:00:02Z")),
                  List.of(unknown, unknown)));
    }
    CommandLineRun replay = CommandLineRun.on(data, "replay");
    assertThat(replay.status()).isZero();
    assertThat(replay.err())
        .contains("projection orders has parked 1 aggregate, whose events wait: ./trading parked");
  }

  private static CommandLineRun parked(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "parked";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CommandLineRun.on(data, all);
  }

  @Test
  @Order(1)
  void list_names_projection_aggregate_and_reason() {
    CommandLineRun run = parked("list");

    assertThat(run.status()).isZero();
    assertThat(run.out().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("OrderBook:ACME  2 events waiting since "))
        .allMatch(line -> line.contains("has a name that is not registered"))
        .anyMatch(line -> line.startsWith("orders@1"))
        .anyMatch(line -> line.startsWith("market-data@1"));
    assertThat(parked("list", "--json").out().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"errorClass\":\"UnknownEventException\""));
  }

  @Test
  @Order(2)
  void show_prints_what_waits_as_it_is_stored() {
    CommandLineRun run = parked("show", "orders", "orderbook", "ACME");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("OrderBook:ACME in projection orders@1, partition ")
        .contains("waiting     2 events")
        .contains("TradingHalted#1     {\"reason\":\"news\"}");
    assertThat(parked("show", "orders", "OrderBook", "ACME", "--limit", "1").out())
        .contains("and 1 more");
  }

  @Test
  @Order(3)
  void retry_that_fails_again_says_at_which_event_and_is_recorded() {
    CommandLineRun run = parked("retry", "orders", "OrderBook", "ACME", "--who", "ann");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("trading: OrderBook:ACME stays parked: event at version ")
        .contains("has a name that is not registered");
    assertThat(parked("show", "orders", "OrderBook", "ACME").out())
        .contains("tried       2 times")
        .contains("retry       by ann at ");
  }

  @Test
  @Order(4)
  void skip_goes_on_to_the_next_one_and_then_with_the_aggregate() {
    long version =
        parked("list", "--json")
            .out()
            .lines()
            .map(line -> line.replaceAll(".*\"failedVersion\":(\\d+).*", "$1"))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElseThrow();
    CommandLineRun first = skip(version);
    CommandLineRun second = skip(version + 1);

    assertThat(first.status()).isEqualTo(1);
    assertThat(first.out())
        .isEqualTo("skipped event TradingHalted#1 of OrderBook:ACME at version " + version + "\n");
    assertThat(first.err()).contains("stays parked");
    assertThat(second.status()).isZero();
    assertThat(second.out())
        .contains("projection orders has applied 0 events of OrderBook:ACME and goes on with it");
    assertThat(parked("list").out().lines()).hasSize(1);
  }

  @Test
  @Order(5)
  void a_comparison_of_versions_names_what_they_have_parked() {
    assertThat(CommandLineRun.on(data, "projections", "rebuild", "market-data").status()).isZero();
    CommandLineRun compared = CommandLineRun.on(data, "projections", "compare", "market-data");

    assertThat(compared.status()).isZero();
    assertThat(compared.out())
        .contains("parked in market-data@1: OrderBook:ACME")
        .contains("parked in market-data@2: OrderBook:ACME")
        .contains("they are the same");
    assertThat(CommandLineRun.on(data, "projections", "list").out())
        .containsPattern("market-data@2 +building +\\S+ +0 +1 ");
    assertThat(CommandLineRun.on(data, "projections", "drop", "market-data@2").status()).isZero();
  }

  private static CommandLineRun skip(long version) {
    return parked(
        "skip",
        "orders",
        "OrderBook",
        "ACME",
        "--event",
        String.valueOf(version),
        "--who",
        "ann",
        "--why",
        "halts do not show");
  }

  @Nested
  class Wrong_usage_is_named {
    @Test
    void a_skip_without_who_or_why_or_which() {
      CommandLineRun run = parked("skip", "orders", "OrderBook", "ACME", "--event", "7");

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("Missing required options: '--who=NAME', '--why=REASON'");
      assertThat(
              parked(
                      "skip",
                      "orders",
                      "OrderBook",
                      "ACME",
                      "--event",
                      "x",
                      "--who",
                      "a",
                      "--why",
                      "b")
                  .status())
          .isEqualTo(2);
    }

    @Test
    void no_command() {
      CommandLineRun run = CommandLineRun.of("parked");

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("name a command: list, show, retry or skip");
    }

    @Test
    void an_unknown_projection_type_or_aggregate() {
      assertThat(parked("show", "prices", "OrderBook", "ACME").err())
          .isEqualTo(
              "trading: there is no projection 'prices'; there are [market-data@1, orders@1]\n");
      assertThat(parked("retry", "orders", "Books", "ACME").err())
          .contains("there are no aggregates of type 'Books'");
      CommandLineRun none = parked("show", "orders", "OrderBook", "NONE");
      assertThat(none.status()).isEqualTo(1);
      assertThat(none.err())
          .isEqualTo(
              "trading: projection orders has not parked OrderBook:NONE; see ./trading parked"
                  + " list\n");
    }

    @Test
    void an_event_that_does_not_wait() {
      CommandLineRun run =
          parked(
              "skip",
              "market-data",
              "OrderBook",
              "ACME",
              "--event",
              "1",
              "--who",
              "ann",
              "--why",
              "?");

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .isEqualTo(
              "trading: no event of OrderBook:ACME waits at version 1; see ./trading parked"
                  + " show\n");
    }
  }
}
