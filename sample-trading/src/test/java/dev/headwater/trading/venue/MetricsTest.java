package dev.headwater.trading.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.projection.Awaited;
import dev.headwater.trading.simulation.SimulatedSession;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a venue tells Prometheus, and what the dashboard and the reference make of it. */
class MetricsTest {
  private static final Path REPOSITORY = Path.of("..");

  @TempDir static Path folder;
  private static Venue venue;
  private static Scrape scrape;

  @BeforeAll
  static void trade() throws Exception {
    venue = Venue.open(VenueSettings.in(folder).withMetrics(new InetSocketAddress("127.0.0.1", 0)));
    venue.projections().start();
    caughtUp();
    new CommandRun(venue, Map.of(), sent -> {}).send(new SimulatedSession(42, 500));
    caughtUp();
    System.gc(); // its meters are there from the first collection on, which is told a little later
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    do {
      scrape = Scrape.of(get("GET", "/metrics").body());
    } while (!scrape.samples().contains("jvm_gc_pause_seconds_sum")
        && System.nanoTime() < deadline);
  }

  private static void caughtUp() {
    assertThat(venue.projections().awaitCaughtUp(Duration.ofSeconds(60)))
        .isEqualTo(new Awaited.Reached());
  }

  @AfterAll
  static void close() {
    venue.close();
  }

  private static HttpResponse<String> get(String method, String path) throws Exception {
    InetSocketAddress address = venue.metricsAddress();
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }

  /**
   * Samples by name.
   *
   * @param families names as the TYPE lines have them, with the labels of their samples
   */
  private record Scrape(Set<String> samples, Map<String, Set<String>> families, String text) {
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    static Scrape of(String text) {
      Set<String> samples = new TreeSet<>();
      Map<String, Set<String>> families = new TreeMap<>();
      for (String line : text.lines().toList()) {
        if (line.startsWith("# TYPE ")) {
          families.put(line.split(" ")[2], new TreeSet<>());
        } else if (!line.startsWith("#")) {
          String name = line.split("[{ ]")[0];
          samples.add(name);
          String family = families.containsKey(name) ? name : name.replaceFirst("_[a-z]+$", "");
          Set<String> labels = families.get(family);
          if (labels != null) {
            LABEL.matcher(line).results().map(found -> found.group(1)).forEach(labels::add);
            labels.remove("le");
          }
        }
      }
      return new Scrape(samples, families, text);
    }

    double value(String start) {
      return text.lines()
          .filter(line -> line.startsWith(start))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  @Nested
  class A_scrape {
    @Test
    void tells_what_the_venue_has_done() {
      long stored = venue.projections().status().getFirst().head();
      assertThat(scrape.value("headwater_append_events_total")).isEqualTo(stored);
      assertThat(scrape.value("headwater_projection_lag_events")).isZero();
      assertThat(scrape.value("headwater_command_seconds_count")).isGreaterThanOrEqualTo(500);
      assertThat(scrape.value("headwater_command_waiting")).isZero();
    }

    @Test
    void has_few_time_series_and_no_ids() {
      assertThat(scrape.text().lines().filter(line -> line.startsWith("headwater_")))
          .hasSizeLessThan(700);
      assertThat(scrape.text()).doesNotContain(SimulatedSession.listings().getFirst().symbol());
    }

    @Test
    void is_of_prometheus_type_and_of_one_path_and_method_alone() throws Exception {
      assertThat(get("GET", "/metrics").headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain; version=0.0.4");
      assertThat(get("GET", "/metrics/secret").statusCode()).isEqualTo(404);
      assertThat(get("POST", "/metrics").statusCode()).isEqualTo(405);
    }

    @Test
    void can_t_be_served_where_another_is() {
      InetSocketAddress taken =
          new InetSocketAddress("127.0.0.1", venue.metricsAddress().getPort());
      assertThatThrownBy(() -> Venue.open(VenueSettings.in(folder).withMetrics(taken)))
          .hasMessageContaining("can't serve metrics at")
          .hasMessageContaining("--metrics-port");
    }
  }

  @Nested
  class The_dashboard {
    private static final Pattern EXPRESSION =
        Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?!\\s*\\()");

    private static Set<String> metricsIn(String promql) {
      String bare =
          promql
              .replaceAll("\\{[^}]*\\}|\\[[^\\]]*\\]", "")
              .replaceAll("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)", "");
      Set<String> names = new TreeSet<>();
      NAME.matcher(bare).results().forEach(found -> names.add(found.group()));
      return names;
    }

    @Test
    void asks_for_nothing_that_a_venue_does_not_tell() throws Exception {
      String dashboard =
          Files.readString(REPOSITORY.resolve("deploy/grafana/dashboards/headwater.json"));
      List<String> queries =
          EXPRESSION.matcher(dashboard).results().map(found -> found.group(1)).toList();
      Set<String> asked = new TreeSet<>();
      queries.forEach(query -> asked.addAll(metricsIn(query)));

      assertThat(queries).hasSizeGreaterThan(15);
      assertThat(asked).hasSizeGreaterThan(15);
      assertThat(scrape.samples()).containsAll(asked);
    }

    @Test
    void would_be_caught_asking_for_a_metric_that_does_not_exist() {
      assertThat(metricsIn("sum by (le) (rate(no_such_metric_total{how=\\\"x\\\"}[5m])) / up"))
          .containsExactly("no_such_metric_total", "up");
    }

    @Test
    void is_provisioned_by_compose_with_pinned_images() throws Exception {
      String compose = Files.readString(REPOSITORY.resolve("docker-compose.yml"));
      assertThat(Pattern.compile("image: (\\S+)").matcher(compose).results())
          .isNotEmpty()
          .allSatisfy(found -> assertThat(found.group(1)).matches("[\\w./-]+:v?\\d+[.\\d]*"));
      assertThat(Pattern.compile("\\./(deploy/[\\w./-]+):/").matcher(compose).results())
          .hasSizeGreaterThan(3)
          .allSatisfy(found -> assertThat(REPOSITORY.resolve(found.group(1))).exists());
    }
  }

  @Nested
  class The_reference {
    @Test
    void names_every_metric_with_its_tags_and_no_other() throws Exception {
      Map<String, Set<String>> documented = new TreeMap<>();
      for (String line : Files.readAllLines(REPOSITORY.resolve("docs/reference/metrics.md"))) {
        if (line.startsWith("| `headwater.")) {
          String[] cells = line.split("\\|");
          documented.put(
              cells[2].replace("`", "").trim(),
              new TreeSet<>(Arrays.asList(cells[4].replace("`", "").trim().split(",\\s*"))));
        }
      }
      Map<String, Set<String>> registered = new TreeMap<>(scrape.families());
      registered.keySet().removeIf(name -> !name.startsWith("headwater_") || name.endsWith("_max"));

      assertThat(documented).isEqualTo(registered);
    }
  }
}
