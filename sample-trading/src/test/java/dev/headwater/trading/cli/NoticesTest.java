package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who has traded is told so, and what could not be told waits for an operator. */
class NoticesTest {
  @TempDir Path data;
  private NoticeReceiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new NoticeReceiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private CommandLineRun run(String... arguments) {
    return CommandLineRun.on(data, arguments);
  }

  private CommandLineRun importing(String lines, String target) throws IOException {
    Path file = data.resolve("orders.csv");
    Files.writeString(
        file, "time,action,order_id,account,symbol,side,type,tif,price,quantity\n" + lines);
    return run("import", "--format", "orders", file.toString(), "--notify", target);
  }

  private CommandLineRun effects(String command, String... more) {
    List<String> all =
        new ArrayList<>(List.of("effects", command, "fill-notices", "OrderBook", "ACME"));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  private static List<String> orders(List<JsonNode> notices) {
    return notices.stream().map(notice -> notice.get("order").stringValue()).toList();
  }

  @Nested
  class Fills {
    @Test
    void are_told_to_the_owners_of_both_orders_once_and_not_again_by_a_replay() {
      CommandLineRun demo = run("demo", "--orders", "400", "--notify", receiver.url());
      assertThat(demo.err()).isEmpty();
      assertThat(demo.status()).isZero();

      long told = receiver.taken().size();
      assertThat(demo.out())
          .contains("told of fills: " + told + " notices to http://127.0.0.1:")
          .doesNotContain("s3cret");
      assertThat(run("sql", "--csv", "SELECT 2 * COUNT(*) AS n FROM trades").out())
          .isEqualTo("n\n" + told + "\n");
      assertThat(receiver.calls()).isEqualTo((int) told);
      assertThat(told).isGreaterThan(50);
      byBook()
          .values()
          .forEach(trades -> assertThat(trades).isSorted().doesNotHaveDuplicates().contains(1L));

      CommandLineRun again = run("demo", "--orders", "400", "--notify", receiver.url());
      assertThat(again.out()).contains("told of fills: 0 notices");
      assertThat(receiver.calls()).isEqualTo((int) told);
    }

    private Map<String, List<Long>> byBook() {
      return receiver.taken().stream()
          .filter(notice -> notice.get("maker").booleanValue())
          .collect(
              Collectors.groupingBy(
                  notice -> notice.get("symbol").stringValue(),
                  Collectors.mapping(
                      notice -> notice.get("trade").longValue(), Collectors.toList())));
    }

    @Test
    void are_told_again_under_the_same_id_where_it_is_not_certain_that_they_arrived()
        throws IOException {
      List<String> refusedOnce = new ArrayList<>();
      receiver.refuse(
          notice -> {
            String order = notice.get("order").stringValue();
            return order.equals("b1") && refusedOnce.isEmpty() && refusedOnce.add(order);
          });
      CommandLineRun run =
          importing(
              """
              2026-03-02T09:00:00Z,new,s1,alice,ACME,sell,limit,day,10.50,100
              2026-03-02T09:00:01Z,new,b1,bob,ACME,buy,limit,day,10.50,30
              """,
              receiver.url());

      assertThat(run.err()).isEmpty();
      assertThat(receiver.calls()).isEqualTo(4); // s1, b1 refused, s1 once more, b1
      assertThat(orders(receiver.taken())).containsExactly("s1", "b1");
      JsonNode maker = receiver.taken().getFirst();
      assertThat(maker.get("side").stringValue()).isEqualTo("SELL");
      assertThat(maker.get("leaves").stringValue()).isEqualTo("70");
      assertThat(maker.get("price").stringValue()).isEqualTo("10.5");
      assertThat(maker.get("tradedAt").stringValue()).isEqualTo("2026-03-02T09:00:01Z");
    }

    @Test
    void are_lines_of_a_file_where_that_is_the_target() throws IOException {
      Path file = data.resolve("fills.jsonl");
      importing(
          """
          2026-03-02T09:00:00Z,new,s1,alice,ACME,sell,limit,day,10.50,100
          2026-03-02T09:00:01Z,new,b1,bob,ACME,buy,limit,day,10.50,30
          """,
          file.toString());

      assertThat(Files.readAllLines(file))
          .extracting(line -> JsonMapper.shared().readTree(line).get("order").stringValue())
          .containsExactly("s1", "b1");
    }

    @Test
    void need_a_target_that_can_be_one() {
      assertThat(run("demo", "--notify", "http:///fills").err())
          .isEqualTo("trading: the URL for notices can't be read, or names no host\n");
      assertThat(run("demo", "--notify", "http://a.example/fills?token=s3 cret").err())
          .isEqualTo("trading: the URL for notices can't be read, or names no host\n");
      assertThat(run("demo", "--orders", "10", "--notify", "missing/fills.jsonl").err())
          .contains("can't write notices to missing/fills.jsonl");
    }
  }

  @Nested
  class What_can_t_be_told {
    @Test
    void waits_in_order_until_an_operator_retries_or_skips_it() throws IOException {
      receiver.refuse(notice -> notice.get("trade").longValue() == 1);
      CommandLineRun run =
          importing(
              """
              2026-03-02T09:00:00Z,new,s1,alice,ACME,sell,limit,day,10.50,100
              2026-03-02T09:00:01Z,new,b1,bob,ACME,buy,limit,day,10.50,30
              2026-03-02T09:00:02Z,new,b2,bob,ACME,buy,limit,day,10.50,20
              """,
              receiver.url());
      assertThat(run.status()).isZero();
      assertThat(run.err())
          .contains("effect fill-notices has given up on fills, 2 events wait: ./trading effects");
      assertThat(receiver.taken()).isEmpty();

      String list = run("effects", "list").out();
      assertThat(list.lines()).hasSize(2);
      assertThat(list)
          .containsPattern(
              "fill-notices  OrderBook:ACME version \\d+  Traded#1  tried 4 times, last at ")
          .contains("http://127.0.0.1:", " answered with status 503")
          .contains("waits behind another one since")
          .doesNotContain("s3cret");
      assertThat(run("effects", "list", "--json").out().lines())
          .allMatch(line -> line.startsWith("{\"effect\":\"fill-notices\",\"stream\":"));
      assertThat(effects("show", "--limit", "1").out())
          .contains("\"maker\":\"s1\",\"taker\":\"b1\"")
          .contains("and 1 more");

      CommandLineRun failing = effects("retry", "--notify", receiver.url());
      assertThat(failing.status()).isEqualTo(1);
      assertThat(failing.err()).contains("0 events of OrderBook:ACME told, then version ");
      long version =
          Long.parseLong(list.replaceAll("(?s).*?version (\\d+)  Traded#1  tried.*", "$1"));
      CommandLineRun skipped =
          effects("skip", "--event", "" + version, "--who", "ann", "--why", "told by phone");
      assertThat(skipped.out())
          .isEqualTo(
              "skipped version "
                  + version
                  + " of OrderBook:ACME\n1 event more: ./trading effects retry\n");
      assertThat(effects("retry", "--notify", receiver.url(), "--who", "ann").out())
          .isEqualTo("1 event of OrderBook:ACME told; none waits\n");
      assertThat(orders(receiver.taken())).containsExactly("s1", "b2");
      assertThat(
              run(
                      "sql",
                      "--csv",
                      "SELECT decision, who, why FROM headwater.dead_letter_decision ORDER BY 1")
                  .out())
          .isEqualTo("decision,who,why\ndropped,ann,told by phone\nretried,ann,it succeeded\n");
    }

    @Test
    void is_named_rightly_or_nothing_happens() {
      run("demo", "--orders", "10");
      assertThat(run("effects", "list").out()).isEqualTo("no effect has given up on an event\n");
      assertThat(effects("show").err())
          .isEqualTo(
              "trading: effect fill-notices has no dead letters of OrderBook:ACME; see ./trading"
                  + " effects list\n");
      assertThat(run("effects", "show", "mails", "OrderBook", "ACME").err())
          .isEqualTo("trading: there is no effect 'mails'; there are [fill-notices]\n");
      assertThat(effects("skip", "--event", "1").status()).isEqualTo(2);
      assertThat(run("effects").status()).isEqualTo(2);
    }
  }
}
