package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarksTest {
  private static final String FIELD = "\"(\\w+)\":(?:\"([^\"]*)\"|(-?[0-9]+(?:\\.[0-9]+)?))";
  private static final Pattern LINE = Pattern.compile("\\{" + FIELD + "(?:," + FIELD + ")*}");
  private static final String TINY = " --json --seconds 0.05 --rounds 1 --warm-up 0";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String line) {
    List<String> words = line.isBlank() ? List.of() : List.of(line.split(" ", -1));
    return Benchmarks.run(
        words, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private List<Map<String, String>> measurements(String line) {
    assertThat(run(line)).as(() -> err.toString(UTF_8)).isZero();
    return out.toString(UTF_8).lines().map(BenchmarksTest::fields).toList();
  }

  private static Map<String, String> fields(String line) {
    assertThat(line).matches(LINE);
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = Pattern.compile(FIELD).matcher(line);
    while (matcher.find()) {
      fields.put(matcher.group(1), matcher.group(matcher.group(2) == null ? 3 : 2));
    }
    return fields;
  }

  private static double number(Map<String, String> measurement, String field) {
    return Double.parseDouble(measurement.get(field));
  }

  private static void isCompared(
      Map<String, String> measurement, String fsync, int concurrency, double longestMicros) {
    assertThat(measurement)
        .containsEntry("fsync", fsync)
        .containsEntry("concurrency", String.valueOf(concurrency));
    assertThat(number(measurement, "perSecond")).isPositive();
    double p50 = number(measurement, "p50us");
    assertThat(p50).isPositive();
    assertThat(number(measurement, "p99us")).isBetween(p50, longestMicros);
    assertThat(number(measurement, "serverCpuUs")).isNotNegative();
    if (!measurement.get("contestant").startsWith(Contestant.LIMIT)) {
      assertThat(number(measurement, "clientCpuUs")).isPositive();
    }
  }

  /** Works with their contestants; the limits need a program that may not be there. */
  private static List<String> expected(String... worksAndContestants) {
    return Stream.of(worksAndContestants)
        .filter(name -> !name.contains(" " + Contestant.LIMIT) || RedisBenchmark.isInstalled())
        .toList();
  }

  private static List<String> names(List<Map<String, String>> measurements) {
    return measurements.stream().map(m -> m.get("work") + " " + m.get("contestant")).toList();
  }

  private static final double A_MINUTE = 60e6;

  @Nested
  class Each_work {
    @Test
    void append_compares_handlers_the_store_and_axon_with_the_script_and_xadd() {
      List<Map<String, String>> measurements =
          measurements(
              "append --concurrency 4 --axon-concurrency 4 --contestants"
                  + " headwater,headwater-store,headwater-axon,limit:script,limit:xadd"
                  + TINY);
      assertThat(names(measurements))
          .containsExactlyElementsOf(
              expected(
                  "append headwater",
                  "append headwater-store",
                  "append limit:script",
                  "append limit:xadd",
                  "append headwater-axon"));
      assertThat(measurements).allSatisfy(m -> isCompared(m, "everysec", 4, A_MINUTE));
    }

    @Test
    void append_says_that_axons_own_engine_has_each_commit_on_disk() {
      List<Map<String, String>> measurements =
          measurements(
              "append --concurrency 1,2 --axon-concurrency 2 --contestants axon-jpa" + TINY);
      assertThat(names(measurements)).containsExactly("append axon-jpa");
      assertThat(measurements.getFirst())
          .containsEntry("postgresql", "fsync=on synchronous_commit=on");
      isCompared(measurements.getFirst(), "everysec", 2, A_MINUTE);
    }

    @Test
    void hot_compares_handlers_with_xadd_for_each_fsync() {
      List<Map<String, String>> measurements =
          measurements("hot --concurrency 16 --fsync always,no" + TINY);
      List<String> each = expected("hot headwater", "hot limit:xadd");
      assertThat(names(measurements))
          .containsExactlyElementsOf(Stream.concat(each.stream(), each.stream()).toList());
      isCompared(measurements.getFirst(), "always", 16, A_MINUTE);
      isCompared(measurements.getLast(), "no", 16, A_MINUTE);
    }

    @ParameterizedTest
    @CsvSource({"h2", "postgresql"})
    void projection_compares_handlers_with_what_is_written_by_hand(String database) {
      List<Map<String, String>> measurements =
          measurements(
              "projection --json --events 2000 --rounds 1 --warm-up 0 --database " + database);
      assertThat(names(measurements))
          .containsExactly(
              "rebuild-5 headwater",
              "rebuild-5 headwater-five",
              "rebuild-5 limit:hand-batched",
              "rebuild-5 limit:read",
              "rebuild-1 headwater",
              "rebuild-1 headwater-five",
              "rebuild-1 limit:hand-batched",
              "rebuild-1 limit:read");
      assertThat(measurements)
          .allSatisfy(
              m -> {
                assertThat(m).containsEntry("database", database).containsEntry("events", "2000");
                assertThat(number(m, "perSecond")).isPositive();
              });
    }

    @Test
    void writes_compares_rows_that_handlers_change_with_each_form_by_hand() {
      List<Map<String, String>> measurements =
          measurements("writes --json --rows 500 --total 1000 --rounds 1 --warm-up 0");
      assertThat(names(measurements))
          .containsExactly(
              "upsert-500 headwater",
              "upsert-500 limit:unnest",
              "upsert-500 limit:update",
              "upsert-500 limit:merge",
              "upsert-500 limit:batch",
              "append-500 headwater",
              "append-500 limit:unnest",
              "append-500 limit:batch");
      assertThat(measurements)
          .allSatisfy(
              m -> {
                assertThat(m).containsEntry("database", "postgresql");
                assertThat(number(m, "perSecond")).isPositive();
                assertThat(number(m, "databaseCpuUs")).isNotNegative();
              });
    }

    @Test
    void latency_shows_each_command_and_what_idling_costs() {
      List<Map<String, String>> measurements =
          measurements(
              "latency --json --database h2 --per-second 100 --warm-up-seconds 0.1 --seconds 0.5"
                  + " --idle-seconds 0.1");
      assertThat(names(measurements)).containsExactly("latency headwater", "idle headwater");
      double p50 = number(measurements.getFirst(), "p50us");
      assertThat(number(measurements.getFirst(), "p99us")).isBetween(p50, A_MINUTE);
      assertThat(number(measurements.getLast(), "serverCpuPercent")).isBetween(0.0, 100.0);
    }

    @Test
    void load_compares_short_and_long_aggregates_with_xrange_and_snapshots_with_their_script() {
      List<Map<String, String>> measurements =
          measurements(
              "load --events 5,1000 --total 2000 --snapshot 2500 --tail 7 --concurrency 4" + TINY);
      assertThat(names(measurements))
          .containsExactlyElementsOf(
              expected(
                  "load-5 headwater",
                  "load-5 limit:xrange",
                  "load-1000 headwater",
                  "load-1000 limit:xrange",
                  "load-snapshot headwater",
                  "load-snapshot limit:script"));
      assertThat(measurements).allSatisfy(m -> isCompared(m, "everysec", 4, A_MINUTE));
      assertThat(measurements.getLast()).containsEntry("tail", "7");
    }

    @Test
    void memory_is_more_than_the_raw_bytes_and_more_with_the_store_than_without() {
      List<Map<String, String>> measurements =
          measurements("memory --events 1,5 --total 2000 --json");
      assertThat(names(measurements))
          .containsExactly(
              "memory-1 headwater", "memory-1 limit:xadd",
              "memory-5 headwater", "memory-5 limit:xadd");
      assertThat(measurements).allSatisfy(m -> assertThat(number(m, "ratio")).isBetween(1.0, 20.0));
      assertThat(number(measurements.get(2), "ratio"))
          .isGreaterThan(number(measurements.get(3), "ratio"))
          .isLessThan(number(measurements.get(0), "ratio"));
    }
  }

  @Nested
  class Command_line {
    @Test
    void a_line_for_people_has_the_same_fields_in_words() {
      assertThat(run("memory --events 5 --total 100 --contestants headwater")).isZero();
      assertThat(out.toString(UTF_8))
          .matches(
              "memory-5 +headwater +events 100, bytesPerEvent .+, rawBytesPerEvent 313, ratio"
                  + " .+\n");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            appnd                       | unknown work: appnd, known are: append, hot, latency, load, memory, projection, rebuild, takeover, writes
            append --jsn                | append has no option --jsn
            memory --seconds 3          | memory has no option --seconds
            append --seconds            | --seconds takes a number above 0
            append --seconds soon       | --seconds takes a number above 0, was: soon
            append --seconds 0          | --seconds takes a number above 0, was: 0
            hot --rounds 0              | --rounds takes a whole number from 1, was: 0
            hot --concurrency 1,,2      | --concurrency takes whole numbers from 1 with commas between them, was: 1,,2
            hot --fsync daily           | --fsync takes some of always, everysec, no with commas between them, was: daily
            hot --contestants limit     | --contestants takes some of headwater, limit:xadd with commas between them, was: limit
            rebuild --data /not/there   | there is no data folder /not/there: fill one with ./trading import or ./trading demo, and name it with --data
            load --events 0 --snapshot 5 --tail 5 | --tail takes less than --snapshot 5, was: 5
            """)
    void wrong_usage_is_one_line_and_status_2(String line, String message) {
      assertThat(run(line)).isEqualTo(2);
      assertThat(err.toString(UTF_8))
          .isEqualTo("benchmarks/run: " + message + " (--help shows the usage)\n");
      assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void help_lists_works_options_and_defaults() {
      assertThat(run("--help")).isZero();
      assertThat(out.toString(UTF_8))
          .contains("append:", "hot:", "load:", "memory:", "rebuild:")
          .containsPattern("--concurrency +handlers \\[1,64,256\\]");
    }

    @Test
    void without_arguments_the_usage_goes_to_standard_error() {
      assertThat(run("")).isEqualTo(2);
      assertThat(err.toString(UTF_8)).contains("usage: benchmarks/run WORK");
      assertThat(out.toString(UTF_8)).isEmpty();
    }
  }
}
